package dev.freshwire.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How {@code premain} starts the agent without reflection: initialising this class hands it to its
 * own loader, which {@code premain} made.
 */
final class Start implements BiFunction<@Nullable String, Instrumentation, @Nullable String> {
  static {
    @SuppressWarnings("unchecked")
    Consumer<BiFunction<@Nullable String, Instrumentation, @Nullable String>> premain =
        (Consumer<BiFunction<@Nullable String, Instrumentation, @Nullable String>>)
            Start.class.getClassLoader();
    premain.accept(new Start());
  }

  @Override
  public @Nullable String apply(@Nullable String arguments, Instrumentation instrumentation) {
    try {
      return Agent.start(arguments, instrumentation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
