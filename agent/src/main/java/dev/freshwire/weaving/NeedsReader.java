package dev.freshwire.weaving;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the code of a companion what it uses of the client. Part of the build: the agent has
 * what comes of it.
 */
final class NeedsReader extends ClassVisitor {
  private final Needs needs = new Needs();
  private final String clientPackage;
  private final String ownPrefix;

  private NeedsReader(String clientPackage, String ownPrefix) {
    super(Opcodes.ASM9);
    this.clientPackage = clientPackage;
    this.ownPrefix = ownPrefix;
  }

  /**
   * What {@code companion} uses.
   *
   * @param clientPackage what the names of the client's classes begin with; others are not checked
   * @param ownPrefix what the names of the companions begin with
   */
  static Needs read(byte[] companion, String clientPackage, String ownPrefix) {
    NeedsReader reader = new NeedsReader(clientPackage, ownPrefix);
    new ClassReader(companion).accept(reader, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return reader.needs;
  }

  private void need(String owner, String member) {
    if (owner.startsWith(clientPackage) && !owner.startsWith(ownPrefix)) {
      needs.add(owner, member);
    }
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
