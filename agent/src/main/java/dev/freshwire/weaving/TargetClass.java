package dev.freshwire.weaving;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/** What a class of the client declares, read without loading it. */
final class TargetClass {
  /** Names and descriptors of the fields. */
  final Map<String, String> fields = new HashMap<>();

  /** Names and descriptors of the methods, as one word. */
  final Set<String> members = new HashSet<>();

  final List<String> superTypes = new ArrayList<>();
  private final List<Method> methods = new ArrayList<>();

  private TargetClass() {}

  static TargetClass read(byte[] classFile) {
    TargetClass result = new TargetClass();
    ClassFiles.reader(classFile)
        .accept(
            result.new Declarations(),
            ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return result;
  }

  /**
   * How many local variables each method has that {@code advice} is for. What hooks keep in locals
   * of their own must not disturb those that an exception handler of the method still looks at.
   *
   * @return by name and descriptor as one word
   */
  static Map<String, Integer> locals(byte[] classFile, AdviceClass advice) {
    Map<String, Integer> locals = new HashMap<>();
    ClassVisitor counter =
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access,
              String name,
              String descriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            if (!advice.mentions(name)) {
              return null;
            }
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public void visitMaxs(int maxStack, int maxLocals) {
                locals.put(name + descriptor, maxLocals);
              }
            };
          }
        };
    ClassFiles.reader(classFile).accept(counter, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return locals;
  }

  /** The purposes that {@code advice} serves in this class. */
  Set<String> served(AdviceClass advice) {
    Set<String> purposes = new HashSet<>();
    for (Method method : methods) {
      for (AdviceMethod hook :
          HookWriter.matching(
              advice.methods, fields, method.access, method.name, method.descriptor)) {
        purposes.add(String.valueOf(hook.purpose));
      }
    }
    return purposes;
  }

  private static final class Method {
    final int access;
    final String name;
    final String descriptor;

    Method(int access, String name, String descriptor) {
      this.access = access;
      this.name = name;
      this.descriptor = descriptor;
    }
  }

  private final class Declarations extends ClassVisitor {
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
        for (String type : interfaces) {
          superTypes.add(type);
        }
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
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      methods.add(new Method(access, name, descriptor));
      members.add(name + descriptor);
      return null;
    }
  }
}
