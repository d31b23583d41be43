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
      switch (result) {
        case TO_ARGUMENT:
          if (binding.source == Binding.Source.ARGUMENT && binding.index == resultArgument) {
            return i;
          }
          break;
        case TO_FIELD:
          if (binding.source == Binding.Source.FIELD && binding.field.equals(resultField)) {
            return i;
          }
          break;
        case TO_RETURNED:
          if (binding.source == Binding.Source.RETURN) {
            return i;
          }
          break;
        default:
          break;
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
