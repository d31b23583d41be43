package dev.freshwire.it.driver.apache5;

import java.security.Principal;
import org.apache.hc.client5.http.auth.AuthChallenge;
import org.apache.hc.client5.http.auth.AuthScheme;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Negotiate in as many rounds as the server wants, without the tokens of Kerberos. */
final class Negotiated implements AuthScheme {
  private int round;

  @Override
  public String getName() {
    return "Negotiate";
  }

  @Override
  public boolean isConnectionBased() {
    return true;
  }

  @Override
  public void processChallenge(AuthChallenge challenge, HttpContext context) {
    round++;
  }

  @Override
  public boolean isChallengeComplete() {
    return false;
  }

  @Override
  public @Nullable String getRealm() {
    return null;
  }

  @Override
  public boolean isResponseReady(
      HttpHost host, CredentialsProvider credentials, HttpContext context) {
    return credentials.getCredentials(new AuthScope(host, null, getName()), context) != null;
  }

  @Override
  public @Nullable Principal getPrincipal() {
    return null;
  }

  @Override
  public String generateAuthResponse(HttpHost host, HttpRequest request, HttpContext context) {
    return getName() + " round" + round;
  }
}
