package dev.freshwire.weaving;

import java.util.ArrayList;
import java.util.List;

/** The hooks that one advice class declares. */
final class AdviceClass {
  final String internalName;
  final List<AdviceMethod> methods = new ArrayList<>();

  AdviceClass(String internalName) {
    this.internalName = internalName;
  }

  /** Whether any of the hooks is for methods of this name. */
  boolean mentions(String methodName) {
    for (AdviceMethod method : methods) {
      if (method.methods.contains(methodName)) {
        return true;
      }
    }
    return false;
  }

  /** Writes the hooks down, for {@link #told}. */
  void tell(Words words) {
    words.put(internalName);
    words.put(methods.size());
    for (AdviceMethod method : methods) {
      method.tell(words);
    }
  }

  /** The hooks as they were written down. */
  static AdviceClass told(Words words) {
    AdviceClass result = new AdviceClass(words.next());
    int count = words.nextNumber();
    for (int i = 0; i < count; i++) {
      result.methods.add(AdviceMethod.told(words));
    }
    return result;
  }
}
