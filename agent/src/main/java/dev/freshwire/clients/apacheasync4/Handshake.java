package dev.freshwire.clients.apacheasync4;

import java.util.Queue;
import org.apache.http.auth.AuthOption;
import org.apache.http.auth.AuthProtocolState;
import org.apache.http.auth.AuthScheme;
import org.apache.http.auth.AuthState;
import org.apache.http.client.protocol.HttpClientContext;
import org.jspecify.annotations.Nullable;

/** NTLM, Negotiate and Kerberos authenticate a connection: their steps must share one. */
public final class Handshake {
  private Handshake() {}

  /** Whether the client is going to answer what it just got over the same connection. */
  public static boolean continues(HttpClientContext context) {
    return continues(context.getTargetAuthState()) || continues(context.getProxyAuthState());
  }

  private static boolean continues(@Nullable AuthState state) {
    if (state == null) {
      return false;
    }
    AuthProtocolState at = state.getState();
    return (at == AuthProtocolState.CHALLENGED || at == AuthProtocolState.HANDSHAKE)
        && isConnectionBased(state);
  }

  /** What was agreed on over a connection is worth nothing on another one. */
  public static void forget(HttpClientContext context) {
    forget(context.getTargetAuthState());
    forget(context.getProxyAuthState());
  }

  private static void forget(@Nullable AuthState state) {
    if (state != null && isConnectionBased(state)) {
      state.reset();
    }
  }

  private static boolean isConnectionBased(AuthState state) {
    AuthScheme chosen = state.getAuthScheme();
    if (chosen != null) {
      return chosen.isConnectionBased();
    }
    Queue<AuthOption> options = state.getAuthOptions();
    if (options != null) {
      for (AuthOption option : options) {
        if (option.getAuthScheme().isConnectionBased()) {
          return true;
        }
      }
    }
    return false;
  }
}
