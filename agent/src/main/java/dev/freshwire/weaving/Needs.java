package dev.freshwire.weaving;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a loader has every class, method and field of a client that the companions use. What
 * is not there would otherwise show as a {@code NoSuchMethodError} inside the application's
 * request.
 */
final class Needs {
  /** What every interface has as well: compilers from JDK 18 on name the interface as its owner. */
  private static final Set<String> OBJECTS =
      new HashSet<>(
          Arrays.asList(
              "getClass()Ljava/lang/Class;",
              "hashCode()I",
              "equals(Ljava/lang/Object;)Z",
              "toString()Ljava/lang/String;"));

  private final ClientClasses classes;
  private final String clientPackage;
  private final String ownPrefix;
  private @Nullable String missing;

  /**
   * Needs of companions among {@code classes}.
   *
   * @param clientPackage what the names of the client's classes begin with; others are not checked
   * @param ownPrefix what the names of the companions begin with
   */
  Needs(ClientClasses classes, String clientPackage, String ownPrefix) {
    this.classes = classes;
    this.clientPackage = clientPackage;
    this.ownPrefix = ownPrefix;
  }

  /** The first thing that {@code companion} uses and that is not there; null when all is. */
  @Nullable String missingFrom(byte[] companion) {
    missing = null;
    new ClassReader(companion).accept(new Uses(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return missing;
  }

  private void need(String owner, String member) {
    if (missing != null || !isClients(owner)) {
      return;
    }
    try {
      if (!has(owner, member)) {
        missing = owner.replace('/', '.') + '.' + member;
      }
    } catch (IOException e) {
      missing = owner.replace('/', '.') + " (" + e + ')';
    }
  }

  private boolean isClients(String owner) {
    return owner.startsWith(clientPackage) && !owner.startsWith(ownPrefix);
  }

  private boolean has(String owner, String member) throws IOException {
    TargetClass type = classes.find(owner);
    if (type == null) {
      return false;
    }
    if (type.members.contains(member) || OBJECTS.contains(member)) {
      return true;
    }
    for (String superType : type.superTypes) {
      // What it inherits from the JDK or another library is taken on trust.
      if (!isClients(superType) ? !superType.equals("java/lang/Object") : has(superType, member)) {
        return true;
      }
    }
    return false;
  }

  private final class Uses extends ClassVisitor {
    Uses() {
      super(Opcodes.ASM9);
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String method, String type, boolean isInterface) {
          need(owner, method + type);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
          need(owner, field + type);
        }
      };
    }
  }
}
