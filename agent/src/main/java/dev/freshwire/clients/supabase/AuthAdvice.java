package dev.freshwire.clients.supabase;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;

/** Before the Auth plugin is built, and looks for a session of an earlier run. */
@Rewrites({"io.github.jan.supabase.auth.AuthImpl", "io.github.jan.supabase.gotrue.AuthImpl"})
public final class AuthAdvice {
  private AuthAdvice() {}

  @Hook(purpose = "session", method = "<init>", taking = "io.github.jan.supabase.SupabaseClient")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void configure(@Advice.Argument(0) Object client, @Advice.Argument(1) Object config)
      throws ReflectiveOperationException {
    AuthStorage.keepInMemory(client, config);
  }
}
