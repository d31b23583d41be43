package dev.freshwire.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.bridge.Enforcer;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.loading.ByteArrayClassLoader;
import org.junit.jupiter.api.Test;

class CompanionTest {
  private static final String HERE = "dev/freshwire/weaving/CompanionTest";
  private static final String THERE = "somewhere/else/Freshwire$CompanionTest";

  @SuppressWarnings("DoNotCallSuggester") // throwing is what it is for
  public static class Throws {
    @Hook(purpose = "test", method = "any")
    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static String argument(
        @Advice.Argument(0) long first, @Advice.Argument(1) String value) {
      throw new IllegalStateException("a bug of ours");
    }

    @Hook(purpose = "test", method = "any")
    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToReturned
    public static long result(@Advice.Return long returned) {
      throw new NoSuchFieldError("a version that nobody knows");
    }

    @Hook(purpose = "test", method = "any")
    @Advice.OnMethodEnter(
        inline = false,
        suppress = Throwable.class,
        skipOn = Advice.OnNonDefaultValue.class)
    public static boolean skip() {
      throw new StackOverflowError();
    }
  }

  @Test
  void movesAClassToAnotherPackage() throws Exception {
    byte[] moved = Companion.moved(HookWriterTest.classFile(Throws.class), HERE, THERE);
    Class<?> type = load(moved, "somewhere.else.Freshwire$CompanionTest$Throws");
    assertThat(type.getPackageName()).isEqualTo("somewhere.else");
    assertThat(type.getMethod("skip")).isNotNull();
  }

  @Test
  void givesTheClientWhatItHadWhenAdviceThrows() throws Exception {
    byte[] moved = Companion.moved(HookWriterTest.classFile(Throws.class), HERE, THERE);
    byte[] guarded =
        CompanionFile.numbered(
            Companion.withTwins(
                moved, AdviceReader.read(moved), "client", List.of("another", "test")),
            new int[] {0, 1});
    LongAdder[] hits = {new LongAdder(), new LongAdder()};
    Enforcer.countHitsIn(hits);
    Class<?> type = load(guarded, "somewhere.else.Freshwire$CompanionTest$Throws");
    assertThat(call(type, "argument$guarded", 7L, "kept")).isEqualTo("kept");
    assertThat(call(type, "result$guarded", 12L)).isEqualTo(12L);
    assertThat(call(type, "skip$guarded")).isEqualTo(false);
    assertThat(hits[0].sum()).isZero();
    assertThat(hits[1].sum()).isEqualTo(3);
  }

  private static Object call(Class<?> type, String name, Object... arguments) throws Exception {
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name)) {
        return method.invoke(null, arguments);
      }
    }
    throw new NoSuchMethodException(name);
  }

  private static Class<?> load(byte[] classFile, String name) throws ClassNotFoundException {
    return new ByteArrayClassLoader(CompanionTest.class.getClassLoader(), Map.of(name, classFile))
        .loadClass(name);
  }
}
