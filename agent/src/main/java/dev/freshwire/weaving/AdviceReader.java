package dev.freshwire.weaving;

import java.util.List;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads the hooks that an advice class declares from its annotations, without loading it. Part of
 * the build: the agent has what comes of it.
 */
final class AdviceReader {
  // Ends of descriptors, so that it does not matter where Byte Buddy was relocated to.
  private static final String ADVICE = "/asm/Advice$";
  private static final String OURS = "/weaving/";

  private final AdviceClass result;

  private AdviceReader(AdviceClass result) {
    this.result = result;
  }

  static AdviceClass read(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    AdviceClass result = new AdviceClass(reader.getClassName());
    reader.accept(
        new AdviceReader(result).new Declarations(),
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return result;
  }

  private final class Declarations extends ClassVisitor {
    Declarations() {
      super(Opcodes.ASM9);
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new HookDeclaration(new AdviceMethod(name, descriptor));
    }
  }

  private final class HookDeclaration extends MethodVisitor {
    private final AdviceMethod method;

    HookDeclaration(AdviceMethod method) {
      super(Opcodes.ASM9);
      this.method = method;
    }

    @Override
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
      if (descriptor.endsWith(OURS + "Hook;")) {
        return new AnnotationVisitor(Opcodes.ASM9) {
          @Override
          public void visit(String name, Object value) {
            if (name.equals("purpose")) {
              method.purpose = (String) value;
            } else if (name.equals("everywhere")) {
              method.everywhere = (Boolean) value;
            } else {
              method.optional = (Boolean) value;
            }
          }

          @Override
          public AnnotationVisitor visitArray(String name) {
            return new Strings(name.equals("method") ? method.methods : method.taking);
          }
        };
      }
      if (descriptor.endsWith(ADVICE + "OnMethodEnter;")) {
        method.enter = true;
        return new Timing();
      }
      if (descriptor.endsWith(ADVICE + "OnMethodExit;")) {
        method.exit = true;
        return new Timing();
      }
      if (descriptor.endsWith(ADVICE + "AssignReturned$ToReturned;")) {
        method.result = AdviceMethod.Result.TO_RETURNED;
      } else if (descriptor.endsWith(ADVICE + "AssignReturned$ToArguments;")) {
        method.result = AdviceMethod.Result.TO_ARGUMENT;
        return new Assignment();
      } else if (descriptor.endsWith(ADVICE + "AssignReturned$ToFields;")) {
        method.result = AdviceMethod.Result.TO_FIELD;
        return new Assignment();
      }
      return null;
    }

    @Override
    public @Nullable AnnotationVisitor visitParameterAnnotation(
        int parameter, String descriptor, boolean visible) {
      AdviceMethod.Binding.@Nullable Source source = null;
      if (descriptor.endsWith(OURS + "OfType;")) {
        source = AdviceMethod.Binding.Source.ARGUMENT_OF_TYPE;
      } else if (descriptor.endsWith(ADVICE + "This;")) {
        source = AdviceMethod.Binding.Source.THIS;
      } else if (descriptor.endsWith(ADVICE + "Return;")) {
        source = AdviceMethod.Binding.Source.RETURN;
      } else if (descriptor.endsWith(ADVICE + "Enter;")) {
        source = AdviceMethod.Binding.Source.ENTER;
      } else if (descriptor.endsWith(ADVICE + "Thrown;")) {
        source = AdviceMethod.Binding.Source.THROWN;
      }
      if (source != null) {
        method.bindings[parameter] = new AdviceMethod.Binding(source, -1, "");
        return null;
      }
      boolean argument = descriptor.endsWith(ADVICE + "Argument;");
      if (!argument && !descriptor.endsWith(ADVICE + "FieldValue;")) {
        return null;
      }
      return new AnnotationVisitor(Opcodes.ASM9) {
        @Override
        public void visit(String name, Object value) {
          if (name.equals("value")) {
            method.bindings[parameter] =
                argument
                    ? new AdviceMethod.Binding(
                        AdviceMethod.Binding.Source.ARGUMENT, (Integer) value, "")
                    : new AdviceMethod.Binding(
                        AdviceMethod.Binding.Source.FIELD, -1, (String) value);
          }
        }
      };
    }

    @Override
    public void visitEnd() {
      if (method.purpose == null) {
        return;
      }
      for (AdviceMethod.Binding binding : method.bindings) {
        if (binding == null) {
          throw new IllegalStateException(
              "a parameter of " + result.internalName + "." + method.name + " is bound to nothing");
        }
      }
      result.methods.add(method);
    }

    /** {@code skipOn}, {@code repeatOn}, {@code onThrowable} and {@code suppress}. */
    private final class Timing extends AnnotationVisitor {
      Timing() {
        super(Opcodes.ASM9);
      }

      @Override
      public void visit(String name, Object value) {
        if (name.equals("skipOn")) {
          method.skips = true;
        } else if (name.equals("repeatOn")) {
          method.repeats = true;
        } else if (name.equals("onThrowable")) {
          method.onThrowable = true;
        } else if (name.equals("suppress")) {
          method.suppressed = ((Type) value).getInternalName().equals("java/lang/Throwable");
        }
      }
    }

    /** The one argument or field in {@code ToArguments} or {@code ToFields}. */
    private final class Assignment extends AnnotationVisitor {
      Assignment() {
        super(Opcodes.ASM9);
      }

      @Override
      public AnnotationVisitor visitArray(String name) {
        return this;
      }

      @Override
      public AnnotationVisitor visitAnnotation(@Nullable String name, String descriptor) {
        return this;
      }

      @Override
      public void visit(String name, Object value) {
        if (!name.equals("value")) {
          return;
        }
        if (value instanceof Integer) {
          method.resultArgument = (Integer) value;
        } else {
          method.resultField = (String) value;
        }
      }
    }
  }

  /** Collects an annotation's array of strings. */
  private static final class Strings extends AnnotationVisitor {
    private final List<String> into;

    Strings(List<String> into) {
      super(Opcodes.ASM9);
      this.into = into;
    }

    @Override
    public void visit(@Nullable String name, Object value) {
      into.add((String) value);
    }
  }
}
