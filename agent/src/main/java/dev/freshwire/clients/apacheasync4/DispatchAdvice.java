package dev.freshwire.clients.apacheasync4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/** What the reactor tells the client of its sessions, and asks of it. */
@Rewrites("org.apache.http.impl.nio.client.InternalIODispatch")
public final class DispatchAdvice {
  private DispatchAdvice() {}

  /** After the client has told whose exchange was under way, as far as it knows. */
  @Hook(
      purpose = "leased-at-end",
      method = "onClosed",
      taking = "org.apache.http.impl.nio.DefaultNHttpClientConnection")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void closed(@Advice.Argument(0) NHttpClientConnection connection) {
    Connections.closed(connection);
  }

  /**
   * For a session that has no connection. The pool gives every session one, unless its request was
   * cancelled after it had been connected: httpcore-nio before 4.4.11 goes on with that, and the
   * client before 4.1.5 ends the reactor.
   */
  @Hook(
      purpose = "cancel-connected",
      method = "createConnection",
      taking = "org.apache.http.nio.reactor.IOSession")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static @Nullable Object unwanted(@OfType IOSession session) {
    return Connections.unwanted(session);
  }

  @Hook(
      purpose = "cancel-connected",
      method = "createConnection",
      taking = "org.apache.http.nio.reactor.IOSession")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static @Nullable Object created(
      @Advice.Enter @Nullable Object unwanted, @Advice.Return @Nullable Object created) {
    return unwanted == null ? created : unwanted;
  }
}
