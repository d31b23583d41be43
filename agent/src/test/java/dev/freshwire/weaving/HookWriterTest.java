package dev.freshwire.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.loading.ByteArrayClassLoader;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.matcher.ElementMatchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the weaver makes of Byte Buddy's advice, against what Byte Buddy makes of it: every
 * expectation here is checked with both.
 */
class HookWriterTest {
  /** Who puts the advice into the target. */
  enum Engine {
    OURS {
      @Override
      byte[] weave(Class<?> target, Class<?> advice) throws IOException {
        byte[] classFile = classFile(target);
        // By way of what the build writes down and the agent reads.
        Words words = new Words();
        AdviceReader.read(classFile(advice)).tell(words);
        AdviceClass hooks = AdviceClass.told(new Words(words.toString()));
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        HookWriter hookWriter =
            new HookWriter(
                writer,
                withoutTwins(hooks),
                hooks.internalName,
                TargetClass.read(classFile).fields,
                TargetClass.read(classFile).locals(hooks));
        new ClassReader(classFile).accept(hookWriter, 0);
        assertThat(hookWriter.written).isPositive();
        return writer.toByteArray();
      }

      /** The twins are made together with companions; see {@link CompanionTest}. */
      private List<AdviceMethod> withoutTwins(AdviceClass hooks) {
        hooks.methods.forEach(method -> method.twin = false);
        return hooks.methods;
      }
    },
    BYTE_BUDDY {
      @Override
      byte[] weave(Class<?> target, Class<?> advice) {
        return new ByteBuddy()
            .redefine(target, ClassFileLocator.ForClassLoader.of(target.getClassLoader()))
            .visit(
                Advice.withCustomMapping()
                    .with(new Advice.AssignReturned.Factory())
                    .to(advice)
                    .on(ElementMatchers.named(target.getAnnotation(Woven.class).value())))
            .make()
            .getBytes();
      }
    };

    abstract byte[] weave(Class<?> target, Class<?> advice) throws IOException;

    Object instance(Class<?> target, Class<?> advice) throws Exception {
      return new ByteArrayClassLoader.ChildFirst(
              HookWriterTest.class.getClassLoader(),
              java.util.Map.of(target.getName(), weave(target, advice)))
          .loadClass(target.getName())
          .getDeclaredConstructor()
          .newInstance();
    }
  }

  /** The method that the advice is for, for Byte Buddy; ours reads it from {@link Hook}. */
  @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
  @interface Woven {
    String value();
  }

  static final List<String> EVENTS = new ArrayList<>();

  public interface Add {
    long add(int a, long b, String c);
  }

  @Woven("add")
  public static class Adder implements Add {
    @Override
    public long add(int a, long b, String c) {
      // Loops, handlers and locals: frames that the woven calls must not disturb.
      long sum = 0;
      for (int i = 0; i < 2; i++) {
        try {
          long half = (a + b) / 2;
          sum += half;
          sum += Integer.parseInt(c);
        } catch (NumberFormatException e) {
          if (c.startsWith("throw")) {
            throw e;
          }
          sum -= e.getMessage() == null ? 1 : 2;
        }
      }
      return sum;
    }
  }

  public static class ChangesArgument {
    @Hook(purpose = "test", method = "add")
    @Advice.OnMethodEnter(inline = false)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static long twice(@Advice.Argument(1) long b) {
      return b * 2;
    }
  }

  @ParameterizedTest
  @EnumSource
  void changesAnArgument(Engine engine) throws Exception {
    Add adder = (Add) engine.instance(Adder.class, ChangesArgument.class);
    assertThat(adder.add(2, 4, "1")).isEqualTo(new Adder().add(2, 8, "1"));
    assertThat(adder.add(2, 4, "x")).isEqualTo(new Adder().add(2, 8, "x"));
  }

  public static class Skips {
    @Hook(purpose = "test", method = "add")
    @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
    public static boolean skip(@Advice.Argument(2) String c) {
      return c.equals("skip");
    }
  }

  @ParameterizedTest
  @EnumSource
  void skipsTheMethodAndReturnsTheDefault(Engine engine) throws Exception {
    Add adder = (Add) engine.instance(Adder.class, Skips.class);
    assertThat(adder.add(2, 4, "skip")).isZero();
    assertThat(adder.add(2, 4, "1")).isEqualTo(new Adder().add(2, 4, "1"));
  }

  public static class Replaces {
    @Hook(purpose = "test", method = "add")
    @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
    public static @Nullable Long instead(@Advice.Argument(2) String c) {
      return c.equals("instead") ? Long.valueOf(42) : null;
    }

    @Hook(purpose = "test", method = "add")
    @Advice.OnMethodExit(inline = false)
    @Advice.AssignReturned.ToReturned
    public static long answer(@Advice.Enter @Nullable Long instead, @Advice.Return long returned) {
      return instead != null ? instead : returned;
    }
  }

  @ParameterizedTest
  @EnumSource
  void returnsSomethingElseInstead(Engine engine) throws Exception {
    Add adder = (Add) engine.instance(Adder.class, Replaces.class);
    assertThat(adder.add(2, 4, "instead")).isEqualTo(42);
    assertThat(adder.add(2, 4, "1")).isEqualTo(new Adder().add(2, 4, "1"));
  }

  @Woven("toString")
  public static class Named {
    @Override
    public String toString() {
      return "itself";
    }
  }

  /** As if the type that is returned were not public. */
  public static class ReplacesObject {
    @Hook(purpose = "test", method = "toString")
    @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
    public static Object instead() {
      return "another";
    }

    @Hook(purpose = "test", method = "toString")
    @Advice.OnMethodExit(inline = false)
    @Advice.AssignReturned.ToReturned(typing = Assigner.Typing.DYNAMIC)
    public static @Nullable Object answer(
        @Advice.Enter @Nullable Object instead, @Advice.Return @Nullable Object returned) {
      return instead != null ? instead : returned;
    }
  }

  @ParameterizedTest
  @EnumSource
  void returnsAnObjectOfATypeThatItCannotName(Engine engine) throws Exception {
    assertThat(engine.instance(Named.class, ReplacesObject.class)).hasToString("another");
  }

  public static class ChangesResult {
    @Hook(purpose = "test", method = "add")
    @Advice.OnMethodExit(inline = false)
    @Advice.AssignReturned.ToReturned
    public static long negated(@Advice.Argument(0) int a, @Advice.Return long sum) {
      return -sum - a;
    }
  }

  @ParameterizedTest
  @EnumSource
  void changesTheResult(Engine engine) throws Exception {
    Add adder = (Add) engine.instance(Adder.class, ChangesResult.class);
    assertThat(adder.add(2, 4, "1")).isEqualTo(-new Adder().add(2, 4, "1") - 2);
  }

  public static class SeesThrown {
    @Hook(purpose = "test", method = "add")
    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class)
    public static void seen(
        @Advice.This Object adder, @Advice.Argument(2) String c, @Advice.Thrown Throwable thrown) {
      EVENTS.add(c + ' ' + (thrown == null ? "returned" : thrown.getClass().getSimpleName()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void seesWhatIsThrownAndLetsItPass(Engine engine) throws Exception {
    EVENTS.clear();
    Add adder = (Add) engine.instance(Adder.class, SeesThrown.class);
    assertThat(adder.add(2, 4, "1")).isEqualTo(new Adder().add(2, 4, "1"));
    assertThatThrownBy(() -> adder.add(2, 4, "throw")).isInstanceOf(NumberFormatException.class);
    assertThat(EVENTS).containsExactly("1 returned", "throw NumberFormatException");
  }

  @Woven("next")
  public static class Counter {
    private int count;
    private boolean last;

    public int next() {
      return last ? -1 : ++count;
    }
  }

  public static class SetsField {
    @Hook(purpose = "test", method = "next")
    @Advice.OnMethodExit(inline = false)
    @Advice.AssignReturned.ToFields(@Advice.AssignReturned.ToFields.ToField("last"))
    public static boolean lastAfterTwo(@Advice.FieldValue("count") int count) {
      return count == 2;
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsAndSetsPrivateFields(Engine engine) throws Exception {
    Object counter = engine.instance(Counter.class, SetsField.class);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      values.add(counter.getClass().getMethod("next").invoke(counter));
    }
    assertThat(values).containsExactly(1, 2, -1, -1);
  }

  @Test
  void bindsByType() throws Exception {
    AdviceClass hooks = AdviceReader.read(classFile(ByType.class));
    AdviceMethod hook = hooks.methods.get(0);
    assertThat(hook.isFor("add", types("(IJLjava/lang/String;)J"))).isTrue();
    assertThat(hook.isFor("add", types("(Ljava/lang/String;IJ)J"))).isTrue();
    assertThat(hook.isFor("add", types("(IJ)J"))).isFalse();
    assertThat(hook.isFor("subtract", types("(IJLjava/lang/String;)J"))).isFalse();
  }

  private static net.bytebuddy.jar.asm.Type[] types(String descriptor) {
    return net.bytebuddy.jar.asm.Type.getArgumentTypes(descriptor);
  }

  public static class ByType {
    @Hook(purpose = "test", method = "add")
    @Advice.OnMethodEnter(inline = false)
    public static void seen(@OfType String c) {
      EVENTS.add(c);
    }
  }

  static byte[] classFile(Class<?> type) throws IOException {
    try (InputStream in =
        type.getClassLoader().getResourceAsStream(type.getName().replace('.', '/') + ".class")) {
      return in.readAllBytes();
    }
  }
}
