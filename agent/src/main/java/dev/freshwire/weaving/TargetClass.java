package dev.freshwire.weaving;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a class of the client declares, read without loading it. */
final class TargetClass {
  /** Names and descriptors of the fields. */
  final Map<String, String> fields = new HashMap<>();

  final List<String> superTypes = new ArrayList<>();
  private final List<String> declaredFields = new ArrayList<>();
  private final List<Method> methods = new ArrayList<>();
  private @Nullable Set<String> members;

  private TargetClass() {}

  static TargetClass read(byte[] classFile) {
    TargetClass result = new TargetClass();
    Constants constants = new Constants(classFile);
    int at = constants.end + 4; // access flags and the class itself
    int superClass = constants.unsignedShort(at);
    if (superClass != 0) {
      result.superTypes.add(constants.referred(superClass));
    }
    at += 2;
    int interfaces = constants.unsignedShort(at);
    at += 2;
    for (int i = 0; i < interfaces; i++) {
      result.superTypes.add(constants.referred(constants.unsignedShort(at)));
      at += 2;
    }
    int count = constants.unsignedShort(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      String name = constants.text(constants.unsignedShort(at + 2));
      String descriptor = constants.text(constants.unsignedShort(at + 4));
      result.fields.put(name, descriptor);
      result.declaredFields.add(name.concat(descriptor));
      at = afterAttributes(constants, at + 6);
    }
    count = constants.unsignedShort(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      result.methods.add(
          new Method(
              constants.unsignedShort(at),
              constants.text(constants.unsignedShort(at + 2)),
              constants.text(constants.unsignedShort(at + 4)),
              locals(constants, at + 6)));
      at = afterAttributes(constants, at + 6);
    }
    return result;
  }

  private static int afterAttributes(Constants constants, int at) {
    int count = constants.unsignedShort(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      at += 6 + constants.integer(at + 2);
    }
    return at;
  }

  /** How many local variables the method has whose attributes these are; 0 without code. */
  private static int locals(Constants constants, int at) {
    int count = constants.unsignedShort(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      if (constants.is(constants.unsignedShort(at), "Code")) {
        return constants.unsignedShort(at + 8);
      }
      at += 6 + constants.integer(at + 2);
    }
    return 0;
  }

  /** Whether it declares a method or field itself: its name and descriptor as one word. */
  boolean declares(String member) {
    Set<String> all = members;
    if (all == null) {
      all = new HashSet<>(declaredFields);
      for (Method method : methods) {
        all.add(method.name.concat(method.descriptor));
      }
      members = all;
    }
    return all.contains(member);
  }

  /**
   * How many local variables each method has that {@code advice} is for. What hooks keep in locals
   * of their own must not disturb those that an exception handler of the method still looks at.
   *
   * @return by name and descriptor as one word
   */
  Map<String, Integer> locals(AdviceClass advice) {
    Map<String, Integer> locals = new HashMap<>();
    for (Method method : methods) {
      if (advice.mentions(method.name)) {
        locals.put(method.name.concat(method.descriptor), method.locals);
      }
    }
    return locals;
  }

  /** The purposes that {@code advice} serves in this class. */
  Set<String> served(AdviceClass advice) {
    Set<String> purposes = new HashSet<>();
    for (Method method : methods) {
      if (advice.mentions(method.name)) {
        for (AdviceMethod hook :
            HookWriter.matching(
                advice.methods, fields, method.access, method.name, method.descriptor)) {
          purposes.add(String.valueOf(hook.purpose));
        }
      }
    }
    return purposes;
  }

  private static final class Method {
    final int access;
    final String name;
    final String descriptor;
    final int locals;

    Method(int access, String name, String descriptor, int locals) {
      this.access = access;
      this.name = name;
      this.descriptor = descriptor;
      this.locals = locals;
    }
  }
}
