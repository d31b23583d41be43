package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import okhttp3.OkHttpClient;

/** Remembers whether the application itself chose a client's read timeout. */
@Rewrites({"okhttp3.OkHttpClient$Builder", "okhttp3.OkHttpClient"})
public final class ChosenTimeoutAdvice {
  private ChosenTimeoutAdvice() {}

  @Hook(
      purpose = "chosen-timeout",
      method = "readTimeout",
      taking = {"long", "java.util.concurrent.TimeUnit"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void chosen(
      @Advice.This Object builder, @Advice.FieldValue("readTimeout") int millis) {
    ReadTimeouts.chosen(builder, millis);
  }

  @Hook(purpose = "chosen-timeout", method = "<init>", taking = "okhttp3.OkHttpClient$Builder")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void built(@Advice.This Object client, @OfType OkHttpClient.Builder builder) {
    ReadTimeouts.inherited(builder, client);
  }

  @Hook(purpose = "chosen-timeout", method = "<init>", taking = "okhttp3.OkHttpClient")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void copied(@Advice.This Object builder, @OfType OkHttpClient client) {
    ReadTimeouts.inherited(client, builder);
  }
}
