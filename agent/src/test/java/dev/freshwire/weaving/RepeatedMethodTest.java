package dev.freshwire.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.loading.ByteArrayClassLoader;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exit hooks that see what is thrown, and that have the method begin again. */
public class RepeatedMethodTest {
  /** What is rewritten: fails until it was called often enough. */
  public static final class Target {
    int calls;

    public String answer(int succeedsAt, boolean early) {
      calls++;
      if (early) {
        return "early";
      }
      if (calls < succeedsAt) {
        throw new IllegalStateException("call " + calls);
      }
      return "call " + calls;
    }

    public void nothing(boolean early) {
      calls++;
      if (early) {
        return;
      }
      throw new IllegalStateException("call " + calls);
    }
  }

  /**
   * What the hooks are told, and tell: apart from them, because they are defined anew each time.
   */
  public static final class Told {
    public static int repeats;
    public static int seen;
    public static boolean throwing;

    private Told() {}
  }

  /** The hooks. */
  public static final class TargetAdvice {
    private TargetAdvice() {}

    @Hook(
        purpose = "repeat",
        method = {"answer", "nothing"})
    @Advice.OnMethodExit(
        inline = false,
        onThrowable = Throwable.class,
        repeatOn = Advice.OnNonDefaultValue.class)
    public static boolean again(@Advice.Thrown @Nullable Throwable thrown) throws IOException {
      Told.seen++;
      if (Told.throwing) {
        throw new IOException("from the hook");
      }
      return thrown != null && Told.repeats-- > 0;
    }
  }

  private Class<?> woven = Target.class;
  private Object target = new Object();

  @BeforeEach
  void weave() throws Exception {
    Told.repeats = 0;
    Told.seen = 0;
    Told.throwing = false;
    AdviceClass hooks = AdviceReader.read(classFile(TargetAdvice.class));
    byte[] original = classFile(Target.class);
    ClassReader reader = new ClassReader(original);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(
        new HookWriter(
            writer,
            hooks.methods,
            hooks.internalName,
            TargetClass.read(original).fields,
            TargetClass.read(original).locals(hooks)),
        0);
    byte[] rewritten = writer.toByteArray();
    byte[] twins =
        Companion.withTwins(classFile(TargetAdvice.class), hooks, "client", List.of("repeat"));
    // A loader of its own, whose classes the JVM verifies.
    woven =
        new ByteArrayClassLoader.ChildFirst(
                RepeatedMethodTest.class.getClassLoader(),
                Map.of(Target.class.getName(), rewritten, TargetAdvice.class.getName(), twins))
            .loadClass(Target.class.getName());
    target = woven.getConstructor().newInstance();
  }

  @Test
  void aMethodThatThrowsBeginsAgainAsOftenAsTheHookSays() throws Throwable {
    Told.repeats = 5;

    assertThat(answer(3, false)).isEqualTo("call 3");
    assertThat(Told.seen).isEqualTo(3);
    assertThat(Told.repeats).isEqualTo(3);
  }

  @Test
  void whatTheMethodThrowsIsThrownWhenTheHookHasEnough() {
    Told.repeats = 1;

    assertThatThrownBy(() -> answer(3, false)).hasMessage("call 2");
    assertThat(Told.seen).isEqualTo(2);
  }

  @Test
  void everyReturnIsSeenOnce() throws Throwable {
    assertThat(answer(1, true)).isEqualTo("early");
    assertThat(answer(1, false)).isEqualTo("call 2");
    assertThat(Told.seen).isEqualTo(2);
  }

  @Test
  void aMethodWithoutResultIsRepeatedToo() throws Throwable {
    Told.repeats = 2;

    assertThatThrownBy(() -> invoke("nothing", new Class<?>[] {boolean.class}, false))
        .hasMessage("call 3");
    invoke("nothing", new Class<?>[] {boolean.class}, true);
    assertThat(Told.seen).isEqualTo(4);
  }

  @Test
  void whatTheHookThrowsAtAReturnIsNotShownToTheHookAgain() {
    Told.throwing = true;

    assertThatThrownBy(() -> answer(1, false))
        .isInstanceOf(IOException.class)
        .hasMessage("from the hook");
    assertThat(Told.seen).isEqualTo(1);
  }

  private Object answer(int succeedsAt, boolean early) throws Throwable {
    return invoke("answer", new Class<?>[] {int.class, boolean.class}, succeedsAt, early);
  }

  private Object invoke(String method, Class<?>[] parameters, Object... arguments)
      throws Throwable {
    try {
      Object result = woven.getMethod(method, parameters).invoke(target, arguments);
      return result == null ? "" : result;
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static byte[] classFile(Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no " + name);
      }
      return in.readAllBytes();
    }
  }
}
