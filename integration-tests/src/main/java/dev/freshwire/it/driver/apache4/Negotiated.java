package dev.freshwire.it.driver.apache4;

import org.apache.http.Header;
import org.apache.http.HttpRequest;
import org.apache.http.auth.AuthScheme;
import org.apache.http.auth.Credentials;
import org.apache.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/** Negotiate in as many rounds as the server wants, without the tokens of Kerberos. */
public final class Negotiated implements AuthScheme {
  private int round;

  @Override
  public void processChallenge(Header challenge) {
    round++;
  }

  @Override
  public String getSchemeName() {
    return "Negotiate";
  }

  @Override
  public @Nullable String getParameter(String name) {
    return null;
  }

  @Override
  public @Nullable String getRealm() {
    return null;
  }

  @Override
  public boolean isConnectionBased() {
    return true;
  }

  @Override
  public boolean isComplete() {
    return false;
  }

  @Override
  @SuppressWarnings("deprecation") // The interface has nothing else.
  public Header authenticate(Credentials credentials, HttpRequest request) {
    return new BasicHeader("Authorization", getSchemeName() + " round" + round);
  }
}
