package dev.freshwire.clients.apache5;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/** A request as it was before the client's own processors added to it. */
public final class Snapshot {
  private final Header[] headers;
  private final @Nullable String scheme;
  private final @Nullable String path;
  private final @Nullable URIAuthority authority;

  /** Takes it. */
  public Snapshot(HttpRequest request) {
    headers = request.getHeaders();
    scheme = request.getScheme();
    path = request.getPath();
    authority = request.getAuthority();
  }

  /** Makes the request what it was. */
  public void restore(HttpRequest request) {
    request.setHeaders(headers);
    request.setScheme(scheme);
    request.setPath(path);
    request.setAuthority(authority);
  }
}
