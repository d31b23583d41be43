package dev.freshwire.weaving;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * One hook as its advice class declares it: where it goes, what it is given, what becomes of what
 * it returns. The part of Byte Buddy's advice that is understood: enter and exit, {@code skipOn},
 * {@code repeatOn}, {@code onThrowable}, {@code suppress}, {@code This}, {@code Argument}, {@code
 * Return}, {@code Enter}, {@code Thrown}, {@code FieldValue}, and {@code AssignReturned} to one
 * argument, field or the returned value.
 */
final class AdviceMethod {
  /** Where the value of an advice method's parameter comes from. */
  static final class Binding {
    enum Source {
      THIS,
      ARGUMENT,
      ARGUMENT_OF_TYPE,
      RETURN,
      ENTER,
      THROWN,
      FIELD
    }

    final Source source;
    final int index;
    final String field;

    /** By number: {@code values()} makes a copy each time. */
    private static final Source[] SOURCES = Source.values();

    Binding(Source source, int index, String field) {
      this.source = source;
      this.index = index;
      this.field = field;
    }
  }

  /** What becomes of the value that an advice method returns. */
  enum Result {
    IGNORED,
    TO_ARGUMENT,
    TO_FIELD,
    TO_RETURNED
  }

  private static final Result[] RESULTS = Result.values();

  final String name;
  final String descriptor;
  final Type[] parameters;
  final Type returns;
  final Binding[] bindings;

  boolean enter;
  boolean exit;
  boolean onThrowable;
  boolean skips;
  boolean repeats;
  boolean suppressed;

  /** Whether it is called by way of its twin: see {@link Companion#withTwins}. */
  boolean twin = true;

  Result result = Result.IGNORED;
  int resultArgument = -1;
  String resultField = "";

  @Nullable String purpose;
  boolean optional;
  boolean everywhere;
  final List<String> methods = new ArrayList<>();
  final List<String> taking = new ArrayList<>();

  AdviceMethod(String name, String descriptor) {
    this.name = name;
    this.descriptor = descriptor;
    this.parameters = Type.getArgumentTypes(descriptor);
    this.returns = Type.getReturnType(descriptor);
    this.bindings = new Binding[parameters.length];
  }

  /** Writes it down, for {@link #told}. */
  void tell(Words words) {
    words.put(name);
    words.put(descriptor);
    words.put(
        (enter ? 1 : 0)
            | (exit ? 2 : 0)
            | (onThrowable ? 4 : 0)
            | (skips ? 8 : 0)
            | (repeats ? 16 : 0)
            | (suppressed ? 32 : 0)
            | (optional ? 64 : 0)
            | (everywhere ? 128 : 0));
    words.put(result.ordinal());
    words.put(resultArgument);
    words.put(resultField);
    words.put(String.valueOf(purpose));
    words.put(methods);
    words.put(taking);
    for (Binding binding : bindings) {
      words.put(binding.source.ordinal());
      words.put(binding.index);
      words.put(binding.field);
    }
  }

  /** A hook as it was written down. */
  static AdviceMethod told(Words words) {
    AdviceMethod method = new AdviceMethod(words.next(), words.next());
    int flags = words.nextNumber();
    method.enter = (flags & 1) != 0;
    method.exit = (flags & 2) != 0;
    method.onThrowable = (flags & 4) != 0;
    method.skips = (flags & 8) != 0;
    method.repeats = (flags & 16) != 0;
    method.suppressed = (flags & 32) != 0;
    method.optional = (flags & 64) != 0;
    method.everywhere = (flags & 128) != 0;
    method.result = RESULTS[words.nextNumber()];
    method.resultArgument = words.nextNumber();
    method.resultField = words.next();
    method.purpose = words.next();
    method.methods.addAll(words.nextList());
    method.taking.addAll(words.nextList());
    for (int i = 0; i < method.bindings.length; i++) {
      method.bindings[i] =
          new Binding(Binding.SOURCES[words.nextNumber()], words.nextNumber(), words.next());
    }
    return method;
  }

  /** The name under which the rewritten class calls it. */
  String calledName() {
    return twin ? name + (suppressed ? "$guarded" : "$counted") : name;
  }

  boolean uses(Binding.Source source) {
    for (Binding binding : bindings) {
      if (binding.source == source) {
        return true;
      }
    }
    return false;
  }

  /**
   * The parameter whose value stands in for the result when the advice fails: the value that would
   * have been replaced. -1 where there is none and the type's default does.
   */
  int fallbackParameter() {
    for (int i = 0; i < bindings.length; i++) {
      Binding binding = bindings[i];
      boolean replaced =
          result == Result.TO_ARGUMENT
              ? binding.source == Binding.Source.ARGUMENT && binding.index == resultArgument
              : result == Result.TO_FIELD
                  ? binding.source == Binding.Source.FIELD && binding.field.equals(resultField)
                  : result == Result.TO_RETURNED && binding.source == Binding.Source.RETURN;
      if (replaced) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the hook belongs into a method of this name and these parameters. */
  boolean isFor(String method, Type[] arguments) {
    if (!methods.contains(method)) {
      return false;
    }
    int next = 0;
    for (String type : taking) {
      while (next < arguments.length && !arguments[next].getClassName().equals(type)) {
        next++;
      }
      if (next++ == arguments.length) {
        return false;
      }
    }
    for (int i = 0; i < bindings.length; i++) {
      Binding binding = bindings[i];
      if (binding.source == Binding.Source.ARGUMENT && binding.index >= arguments.length) {
        return false;
      }
      if (binding.source == Binding.Source.ARGUMENT_OF_TYPE
          && indexOf(parameters[i], arguments) < 0) {
        return false;
      }
    }
    return result != Result.TO_ARGUMENT
        || (resultArgument < arguments.length && arguments[resultArgument].equals(returns));
  }

  static int indexOf(Type type, Type[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals(type)) {
        return i;
      }
    }
    return -1;
  }
}
