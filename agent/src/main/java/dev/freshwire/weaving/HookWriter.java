package dev.freshwire.weaving;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Writes the calls to the hooks into a client's class.
 *
 * <p>A hook is a call to a static method and never more, so that the frames which the compiler left
 * in the class stay right: what is inserted ends with the locals that it began with. That is what
 * makes recomputing frames (and with it the loading of the client's classes to compare their types)
 * unnecessary.
 */
final class HookWriter extends ClassVisitor {
  private static final int JAVA_6 = 50;
  private static final String JAVA = "Ljava/";

  private final List<AdviceMethod> hooks;
  private final String companion;
  private final Map<String, String> fields;
  private final Map<String, Integer> locals;
  private String owner = "";
  private boolean framed;

  /** How many calls were written. */
  int written;

  /**
   * Writes calls to {@code hooks} into the class that is visited.
   *
   * @param companion internal name of the class that the hooks are methods of
   * @param fields names and descriptors of the fields of the rewritten class
   * @param locals how many local variables its methods have
   */
  HookWriter(
      ClassVisitor next,
      List<AdviceMethod> hooks,
      String companion,
      Map<String, String> fields,
      Map<String, Integer> locals) {
    super(Opcodes.ASM9, next);
    this.hooks = hooks;
    this.companion = companion;
    this.fields = fields;
    this.locals = locals;
  }

  @Override
  public void visit(
      int version,
      int access,
      String name,
      @Nullable String signature,
      @Nullable String superName,
      String @Nullable [] interfaces) {
    owner = name;
    framed = (version & 0xffff) >= JAVA_6;
    super.visit(version, access, name, signature, superName, interfaces);
  }

  @Override
  public MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
    List<AdviceMethod> here = matching(hooks, fields, access, name, descriptor);
    if (here.isEmpty()) {
      return next;
    }
    written += here.size();
    return new Method(next, access, name, descriptor, here);
  }

  /** The hooks that belong into this method; none into one without code. */
  static List<AdviceMethod> matching(
      List<AdviceMethod> hooks,
      Map<String, String> fields,
      int access,
      String name,
      String descriptor) {
    List<AdviceMethod> here = new ArrayList<>(2);
    if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      return here;
    }
    // Kotlin's default-argument constructors and bridges only call the real one.
    if ((access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_BRIDGE)) != 0) {
      return here;
    }
    Type @Nullable [] arguments = null;
    for (AdviceMethod hook : hooks) {
      if (!hook.methods.contains(name)) {
        continue;
      }
      arguments = arguments == null ? Type.getArgumentTypes(descriptor) : arguments;
      if (hook.isFor(name, arguments)
          && hasFields(hook, fields)
          && takes(hook, arguments, Type.getReturnType(descriptor), fields)) {
        here.add(hook);
      }
    }
    return here;
  }

  private static boolean hasFields(AdviceMethod hook, Map<String, String> fields) {
    if (hook.result == AdviceMethod.Result.TO_FIELD
        && !hook.returns.getDescriptor().equals(fields.get(hook.resultField))) {
      return false;
    }
    for (AdviceMethod.Binding binding : hook.bindings) {
      if (binding.source == AdviceMethod.Binding.Source.FIELD
          && !fields.containsKey(binding.field)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the hook can be given what it is bound to. A version that keeps a name and has another
   * type there would have a class that the JVM does not verify.
   */
  private static boolean takes(
      AdviceMethod hook, Type[] arguments, Type returns, Map<String, String> fields) {
    for (int i = 0; i < hook.bindings.length; i++) {
      AdviceMethod.Binding binding = hook.bindings[i];
      Type type = hook.parameters[i];
      if ((binding.source == AdviceMethod.Binding.Source.ARGUMENT
              && !fits(type, arguments[binding.index]))
          || (binding.source == AdviceMethod.Binding.Source.FIELD
              && !fits(type, Type.getType(fields.get(binding.field))))
          || (binding.source == AdviceMethod.Binding.Source.RETURN && !fits(type, returns))) {
        return false;
      }
    }
    // A reference is cast.
    return hook.result != AdviceMethod.Result.TO_RETURNED
        || hook.returns.equals(returns)
        || (isReference(hook.returns) && isReference(returns));
  }

  /**
   * Whether a parameter may be given a value, as far as that is known without loading a class of
   * the client's. What two of these have to do with each other is taken on trust.
   */
  static boolean fits(Type parameter, Type value) {
    if (parameter.equals(value)) {
      return true;
    }
    if (!isReference(parameter) || !isReference(value)) {
      return false;
    }
    if (parameter.getDescriptor().equals("Ljava/lang/Object;")) {
      return true;
    }
    if (parameter.getSort() == Type.ARRAY || value.getSort() == Type.ARRAY) {
      return false;
    }
    if (!value.getDescriptor().startsWith(JAVA)) {
      // A class of the client's may be one of the JDK's, but for those that nothing can be.
      return !parameter.getDescriptor().equals("Ljava/lang/String;");
    }
    if (!parameter.getDescriptor().startsWith(JAVA)) {
      return false;
    }
    try {
      return Class.forName(parameter.getClassName(), false, null)
          .isAssignableFrom(Class.forName(value.getClassName(), false, null));
    } catch (ClassNotFoundException | LinkageError notInTheBootLoader) {
      return true;
    }
  }

  private final class Method extends MethodVisitor {
    private final boolean isStatic;
    private final Type[] arguments;
    private final int[] slots;
    private final Type returns;
    private final int free;
    private final List<AdviceMethod> hooks;
    private final Label body = new Label();

    /** Beginnings and ends of the client's own code, without the hooks at its returns. */
    private final List<Label> guarded = new ArrayList<>();

    private boolean catching;
    private boolean repeating;

    Method(
        MethodVisitor next, int access, String name, String descriptor, List<AdviceMethod> hooks) {
      super(Opcodes.ASM9, next);
      this.hooks = hooks;
      isStatic = (access & Opcodes.ACC_STATIC) != 0;
      arguments = Type.getArgumentTypes(descriptor);
      returns = Type.getReturnType(descriptor);
      slots = new int[arguments.length];
      int slot = isStatic ? 0 : 1;
      for (int i = 0; i < arguments.length; i++) {
        slots[i] = slot;
        slot += arguments[i].getSize();
      }
      free = Math.max(slot, locals.getOrDefault(name + descriptor, slot));
      for (AdviceMethod hook : hooks) {
        if (hook.onThrowable) {
          if (name.equals("<init>")) {
            throw new IllegalStateException("no hook can catch what a constructor throws");
          }
          catching = true;
        }
        if (hook.repeats) {
          if (name.equals("<init>")) {
            throw new IllegalStateException("no constructor can be repeated");
          }
          repeating = true;
        }
      }
    }

    @Override
    public void visitCode() {
      super.visitCode();
      for (AdviceMethod hook : hooks) {
        if (hook.enter) {
          enter(hook);
        }
      }
      if (repeating) {
        mv.visitLabel(body);
        if (framed) {
          mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
          mv.visitInsn(Opcodes.NOP);
        }
      }
      boundary();
    }

    /** Where the client's own code begins or ends. */
    private void boundary() {
      if (catching) {
        Label here = new Label();
        mv.visitLabel(here);
        guarded.add(here);
      }
    }

    private void enter(AdviceMethod hook) {
      call(hook, -1, -1);
      if (!hook.skips) {
        store(hook);
        return;
      }
      Label proceed = new Label();
      int entered = free;
      mv.visitVarInsn(hook.returns.getOpcode(Opcodes.ISTORE), entered);
      mv.visitVarInsn(hook.returns.getOpcode(Opcodes.ILOAD), entered);
      mv.visitJumpInsn(isReference(hook.returns) ? Opcodes.IFNULL : Opcodes.IFEQ, proceed);
      zero(returns);
      leave(entered);
      mv.visitLabel(proceed);
      if (framed) {
        mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        // The method may begin with a frame of its own, and two at one place are not allowed.
        mv.visitInsn(Opcodes.NOP);
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
        // What a hook throws here is not for the hooks that look at what the client throws.
        boundary();
        leave(-1);
        boundary();
      } else {
        super.visitInsn(opcode);
      }
    }

    /** The exit hooks, then the return; what is to be returned lies on the stack. */
    private void leave(int entered) {
      int returned = free + 2;
      for (AdviceMethod hook : hooks) {
        if (!hook.exit) {
          continue;
        }
        if (returns.getSort() != Type.VOID) {
          mv.visitVarInsn(returns.getOpcode(Opcodes.ISTORE), returned);
        }
        call(hook, entered, returned);
        if (hook.result == AdviceMethod.Result.TO_RETURNED) {
          // A type that is not public is an object to the hook.
          if (isReference(returns) && !hook.returns.equals(returns)) {
            mv.visitTypeInsn(Opcodes.CHECKCAST, returns.getInternalName());
          }
          continue;
        }
        if (hook.repeats) {
          repeat(hook);
        } else {
          store(hook);
        }
        if (returns.getSort() != Type.VOID) {
          mv.visitVarInsn(returns.getOpcode(Opcodes.ILOAD), returned);
        }
      }
      mv.visitInsn(returns.getOpcode(Opcodes.IRETURN));
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      if (catching) {
        boundary();
        Label handler = new Label();
        mv.visitLabel(handler);
        for (int i = 0; i < guarded.size(); i += 2) {
          Label start = guarded.get(i);
          Label end = guarded.get(i + 1);
          if (start.getOffset() < end.getOffset()) {
            mv.visitTryCatchBlock(start, end, handler, "java/lang/Throwable");
          }
        }
        caught();
      }
      super.visitMaxs(maxStack, maxLocals);
    }

    private void caught() {
      List<Object> locals = new ArrayList<>();
      if (!isStatic) {
        locals.add(owner);
      }
      for (Type argument : arguments) {
        locals.add(frameType(argument));
      }
      if (framed) {
        mv.visitFrame(
            Opcodes.F_FULL,
            locals.size(),
            locals.toArray(),
            1,
            new Object[] {"java/lang/Throwable"});
      }
      int thrown = free;
      mv.visitVarInsn(Opcodes.ASTORE, thrown);
      for (AdviceMethod hook : hooks) {
        if (hook.onThrowable) {
          zero(returns);
          int returned = free + 2;
          if (returns.getSort() != Type.VOID) {
            mv.visitVarInsn(returns.getOpcode(Opcodes.ISTORE), returned);
          }
          callThrown(hook, thrown, returned);
          if (hook.repeats) {
            repeat(hook);
          } else {
            store(hook);
          }
        }
      }
      mv.visitVarInsn(Opcodes.ALOAD, thrown);
      mv.visitInsn(Opcodes.ATHROW);
    }

    /** Begins the method's body again, its arguments as they now are, if the hook says so. */
    private void repeat(AdviceMethod hook) {
      mv.visitJumpInsn(isReference(hook.returns) ? Opcodes.IFNONNULL : Opcodes.IFNE, body);
    }

    private void call(AdviceMethod hook, int entered, int returned) {
      invoke(hook, entered, returned, -1);
    }

    private void callThrown(AdviceMethod hook, int thrown, int returned) {
      invoke(hook, -1, returned, thrown);
    }

    private void invoke(AdviceMethod hook, int entered, int returned, int thrown) {
      for (int i = 0; i < hook.bindings.length; i++) {
        AdviceMethod.Binding binding = hook.bindings[i];
        Type type = hook.parameters[i];
        AdviceMethod.Binding.Source source = binding.source;
        // Without a switch, which is a class more to load at the start.
        if (source == AdviceMethod.Binding.Source.THIS) {
          mv.visitVarInsn(Opcodes.ALOAD, 0);
        } else if (source == AdviceMethod.Binding.Source.ARGUMENT) {
          load(arguments[binding.index], slots[binding.index]);
        } else if (source == AdviceMethod.Binding.Source.ARGUMENT_OF_TYPE) {
          int index = AdviceMethod.indexOf(type, arguments);
          load(arguments[index], slots[index]);
        } else if (source == AdviceMethod.Binding.Source.FIELD) {
          mv.visitVarInsn(Opcodes.ALOAD, 0);
          mv.visitFieldInsn(Opcodes.GETFIELD, owner, binding.field, fields.get(binding.field));
        } else if (source == AdviceMethod.Binding.Source.RETURN) {
          load(returns, returned);
        } else {
          loadOrZero(type, source == AdviceMethod.Binding.Source.ENTER ? entered : thrown);
        }
      }
      mv.visitMethodInsn(
          Opcodes.INVOKESTATIC, companion, hook.calledName(), hook.descriptor, false);
    }

    /** Puts away what the hook returned. */
    private void store(AdviceMethod hook) {
      if (hook.result == AdviceMethod.Result.TO_ARGUMENT) {
        mv.visitVarInsn(hook.returns.getOpcode(Opcodes.ISTORE), slots[hook.resultArgument]);
      } else if (hook.result == AdviceMethod.Result.TO_FIELD) {
        int value = free + 4;
        mv.visitVarInsn(hook.returns.getOpcode(Opcodes.ISTORE), value);
        mv.visitVarInsn(Opcodes.ALOAD, 0);
        load(hook.returns, value);
        mv.visitFieldInsn(Opcodes.PUTFIELD, owner, hook.resultField, hook.returns.getDescriptor());
      } else if (hook.returns.getSort() != Type.VOID) {
        mv.visitInsn(hook.returns.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
      }
    }

    private void load(Type type, int slot) {
      mv.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slot);
    }

    private void loadOrZero(Type type, int slot) {
      if (slot < 0) {
        zero(type);
      } else {
        load(type, slot);
      }
    }

    private void zero(Type type) {
      switch (type.getSort()) {
        case Type.VOID:
          break;
        case Type.LONG:
          mv.visitInsn(Opcodes.LCONST_0);
          break;
        case Type.FLOAT:
          mv.visitInsn(Opcodes.FCONST_0);
          break;
        case Type.DOUBLE:
          mv.visitInsn(Opcodes.DCONST_0);
          break;
        case Type.ARRAY:
        case Type.OBJECT:
          mv.visitInsn(Opcodes.ACONST_NULL);
          break;
        default:
          mv.visitInsn(Opcodes.ICONST_0);
          break;
      }
    }
  }

  static boolean isReference(Type type) {
    return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
  }

  /** The type as a stack map frame names it. */
  static Object frameType(Type type) {
    switch (type.getSort()) {
      case Type.LONG:
        return Opcodes.LONG;
      case Type.FLOAT:
        return Opcodes.FLOAT;
      case Type.DOUBLE:
        return Opcodes.DOUBLE;
      case Type.ARRAY:
      case Type.OBJECT:
        return type.getInternalName();
      default:
        return Opcodes.INTEGER;
    }
  }
}
