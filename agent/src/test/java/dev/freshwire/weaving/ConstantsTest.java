package dev.freshwire.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without ASM, against what ASM reads. */
class ConstantsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "java/lang/Object",
        "java/lang/String",
        "java/util/concurrent/ConcurrentHashMap",
        "java/lang/invoke/MethodHandles",
        "java/util/function/Function",
        "jdk/internal/net/http/MultiExchange",
        "sun/net/www/http/HttpClient",
        "okhttp3/OkHttpClient",
        "okhttp3/internal/connection/RealConnection",
        "okhttp3/internal/connection/RealCall",
        "okhttp3/Protocol",
        "okhttp3/Interceptor$Chain",
        "okhttp3/internal/concurrent/TaskRunner",
        "org/apache/http/impl/execchain/MainClientExec",
        "org/apache/hc/client5/http/impl/classic/InternalHttpClient",
        "io/ktor/client/engine/cio/Endpoint"
      })
  void declarationsAreThoseThatAsmReads(String name) throws IOException {
    byte[] classFile = classFile(name);
    Declarations expected = new Declarations();
    new ClassReader(classFile).accept(expected, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);

    TargetClass read = TargetClass.read(classFile);

    assertThat(read.fields).isEqualTo(expected.fields);
    assertThat(read.superTypes).isEqualTo(expected.superTypes);
    assertThat(expected.members).allMatch(read::declares);
    assertThat(read.declares("neverDeclared()V")).isFalse();
    AdviceClass advice = new AdviceClass("all");
    AdviceMethod hook = new AdviceMethod("hook", "()V");
    hook.methods.addAll(expected.methods);
    advice.methods.add(hook);
    assertThat(read.locals(advice)).isEqualTo(expected.locals);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 11, 40, 200})
  void aTornClassFileEndsInAnException(int length) throws IOException {
    byte[] torn = java.util.Arrays.copyOf(classFile("okhttp3/OkHttpClient"), length);
    assertThatThrownBy(() -> TargetClass.read(torn)).isInstanceOf(RuntimeException.class);
  }

  private static byte[] classFile(String name) throws IOException {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
      if (in == null) {
        throw new IOException("no " + name);
      }
      return in.readAllBytes();
    }
  }

  private static final class Declarations extends ClassVisitor {
    final Map<String, String> fields = new HashMap<>();
    final TreeSet<String> members = new TreeSet<>();
    final TreeSet<String> methods = new TreeSet<>();
    final List<String> superTypes = new ArrayList<>();
    final Map<String, Integer> locals = new HashMap<>();

    Declarations() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      if (superName != null) {
        superTypes.add(superName);
      }
      if (interfaces != null) {
        superTypes.addAll(List.of(interfaces));
      }
    }

    @Override
    public @Nullable FieldVisitor visitField(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        @Nullable Object value) {
      fields.put(name, descriptor);
      members.add(name + descriptor);
      return null;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      members.add(name + descriptor);
      methods.add(name);
      locals.put(name + descriptor, 0);
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
          locals.put(name + descriptor, maxLocals);
        }
      };
    }
  }
}
