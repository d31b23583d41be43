package dev.freshwire.weaving;

import dev.freshwire.bridge.Enforcer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * A class of ours that is defined beside a client's classes, in their loader and package. There it
 * sees the client's types, package-private members included, from inside the client's own module,
 * whatever loader or module that is.
 *
 * <p>Part of the build: the agent's jar has companions as they are defined, but for the numbers
 * that hooks count under, which {@link CompanionFile} puts in.
 */
final class Companion {
  private static final String ENFORCER = Enforcer.class.getName().replace('.', '/');
  private static final int CONSTANT_UTF8 = 1;
  private static final int CONSTANT_LONG = 5;
  private static final int CONSTANT_DOUBLE = 6;

  private Companion() {}

  /**
   * Moves a class to another package by exchanging the beginning of the names in its constant pool.
   *
   * @param from what names begin with, as internal names: {@code dev/freshwire/clients/okhttp/}
   * @param to what they begin with afterwards
   */
  static byte[] moved(byte[] classFile, String from, String to) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(classFile.length + 256);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(in.readLong());
    int count = in.readUnsignedShort();
    out.writeShort(count);
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      out.writeByte(tag);
      if (tag == CONSTANT_UTF8) {
        out.writeUTF(in.readUTF().replace(from, to));
      } else {
        for (int left = constantSize(tag); left > 0; left--) {
          out.writeByte(in.readByte());
        }
        if (tag == CONSTANT_LONG || tag == CONSTANT_DOUBLE) {
          i++;
        }
      }
    }
    byte[] rest = new byte[in.available()];
    in.readFully(rest);
    out.write(rest);
    return bytes.toByteArray();
  }

  private static int constantSize(int tag) throws IOException {
    switch (tag) {
      case 7: // class
      case 8: // string
      case 16: // method type
      case 19: // module
      case 20: // package
        return 2;
      case 15: // method handle
        return 3;
      case 3: // integer
      case 4: // float
      case 9: // field
      case 10: // method
      case 11: // interface method
      case 12: // name and type
      case 17: // dynamic
      case 18: // invokedynamic
        return 4;
      case CONSTANT_LONG:
      case CONSTANT_DOUBLE:
        return 8;
      default:
        throw new IOException("constant pool tag " + tag);
    }
  }

  /**
   * Adds a twin to every advice method, which is what rewritten code calls: it counts the hit, and
   * where the advice asks for it by {@code suppress} it is a guard, too: what the advice throws is
   * reported, and the client gets the value that it would have had without it.
   *
   * @param purposes all that the client's hooks are for: their places here stand for the numbers
   *     that they are counted under
   */
  static byte[] withTwins(
      byte[] classFile, AdviceClass advice, String client, List<String> purposes) {
    CompanionFile.requireNoPlaceholders(classFile);
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(writer, 0);
    for (AdviceMethod method : advice.methods) {
      int purpose = purposes.indexOf(String.valueOf(method.purpose));
      writeTwin(writer, reader.getClassName(), method, client, CompanionFile.placeholder(purpose));
    }
    return writer.toByteArray();
  }

  private static void writeTwin(
      ClassWriter writer, String owner, AdviceMethod method, String client, int number) {
    MethodVisitor code =
        writer.visitMethod(
            Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
            method.calledName(),
            method.descriptor,
            null,
            null);
    Label start = new Label();
    Label end = new Label();
    int locals = 0;
    int[] slots = new int[method.parameters.length];
    Object[] frame = new Object[method.parameters.length];
    code.visitCode();
    code.visitLdcInsn(number);
    code.visitMethodInsn(Opcodes.INVOKESTATIC, ENFORCER, "hit", "(I)V", false);
    if (method.suppressed) {
      code.visitTryCatchBlock(start, end, end, "java/lang/Throwable");
    }
    code.visitLabel(start);
    for (int i = 0; i < method.parameters.length; i++) {
      Type type = method.parameters[i];
      slots[i] = locals;
      frame[i] = HookWriter.frameType(type);
      code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), locals);
      locals += type.getSize();
    }
    code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, method.name, method.descriptor, false);
    code.visitInsn(method.returns.getOpcode(Opcodes.IRETURN));
    code.visitLabel(end);
    if (method.suppressed) {
      code.visitFrame(Opcodes.F_FULL, frame.length, frame, 1, new Object[] {"java/lang/Throwable"});
      code.visitLdcInsn(client + ' ' + method.purpose);
      code.visitInsn(Opcodes.SWAP);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          ENFORCER,
          "hookFailed",
          "(Ljava/lang/String;Ljava/lang/Throwable;)V",
          false);
      int fallback = method.fallbackParameter();
      if (fallback >= 0) {
        code.visitVarInsn(method.returns.getOpcode(Opcodes.ILOAD), slots[fallback]);
      } else if (method.returns.getSort() != Type.VOID) {
        zero(code, method.returns);
      }
      code.visitInsn(method.returns.getOpcode(Opcodes.IRETURN));
    }
    code.visitMaxs(Math.max(locals, 2) + 2, locals);
    code.visitEnd();
  }

  private static void zero(MethodVisitor code, Type type) {
    switch (type.getSort()) {
      case Type.LONG:
        code.visitInsn(Opcodes.LCONST_0);
        break;
      case Type.FLOAT:
        code.visitInsn(Opcodes.FCONST_0);
        break;
      case Type.DOUBLE:
        code.visitInsn(Opcodes.DCONST_0);
        break;
      case Type.ARRAY:
      case Type.OBJECT:
        code.visitInsn(Opcodes.ACONST_NULL);
        break;
      default:
        code.visitInsn(Opcodes.ICONST_0);
        break;
    }
  }
}
