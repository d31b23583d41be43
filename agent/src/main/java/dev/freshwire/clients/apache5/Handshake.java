package dev.freshwire.clients.apache5;

import java.util.Locale;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;

/** NTLM, Negotiate and Kerberos authenticate a connection: their steps must share one. */
public final class Handshake {
  private static final int UNAUTHORIZED = 401;
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  private Handshake() {}

  /** Whether the client is going to answer this over the connection that it came on. */
  public static boolean continues(
      HttpResponse response, HttpRoute route, HttpClientContext context) {
    boolean target =
        response.getCode() == UNAUTHORIZED && isConnectionBased(response, "WWW-Authenticate");
    boolean proxy =
        response.getCode() == PROXY_AUTHENTICATION_REQUIRED
            && isConnectionBased(response, "Proxy-Authenticate");
    if (!target && !proxy) {
      return false;
    }
    HttpHost host = target ? route.getTargetHost() : route.getProxyHost();
    CredentialsProvider credentials = context.getCredentialsProvider();
    return host != null
        && credentials != null
        && credentials.getCredentials(new AuthScope(host.getHostName(), host.getPort()), context)
            != null;
  }

  private static boolean isConnectionBased(HttpResponse response, String challenge) {
    for (Header header : response.getHeaders(challenge)) {
      String scheme = String.valueOf(header.getValue()).trim().toLowerCase(Locale.ROOT);
      if (scheme.startsWith("ntlm")
          || scheme.startsWith("negotiate")
          || scheme.startsWith("kerberos")) {
        return true;
      }
    }
    return false;
  }
}
