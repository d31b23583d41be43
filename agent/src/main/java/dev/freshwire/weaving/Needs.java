package dev.freshwire.weaving;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The classes, methods and fields of a client that a companion uses. What is not there would
 * otherwise show as a {@code NoSuchMethodError} inside the application's request.
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

  /** By internal name of a class what is used of it, names and descriptors as one word. */
  final Map<String, List<String>> members = new LinkedHashMap<>();

  /** One more thing that is used. */
  void add(String owner, String member) {
    List<String> ofOwner = members.get(owner);
    if (ofOwner == null) {
      ofOwner = new ArrayList<>();
      members.put(owner, ofOwner);
    }
    if (!ofOwner.contains(member)) {
      ofOwner.add(member);
    }
  }

  /**
   * The first thing that is not there; null when all is.
   *
   * @param clientPackage what the names of the client's classes begin with
   */
  @Nullable String missingFrom(ClientClasses classes, String clientPackage) {
    for (Map.Entry<String, List<String>> owner : members.entrySet()) {
      for (String member : owner.getValue()) {
        try {
          if (!has(classes, clientPackage, owner.getKey(), member)) {
            return owner.getKey().replace('/', '.') + '.' + member;
          }
        } catch (IOException e) {
          return owner.getKey().replace('/', '.') + " (" + e + ')';
        }
      }
    }
    return null;
  }

  private static boolean has(
      ClientClasses classes, String clientPackage, String owner, String member) throws IOException {
    TargetClass type = classes.find(owner);
    if (type == null) {
      return false;
    }
    if (type.declares(member) || OBJECTS.contains(member)) {
      return true;
    }
    for (String superType : type.superTypes) {
      // Most connections are one, so that trusting it would be trusting them.
      if (superType.equals("java/io/Closeable")) {
        if (member.equals("close()V")) {
          return true;
        }
        continue;
      }
      // What it inherits from the JDK or another library is taken on trust.
      if (!superType.startsWith(clientPackage)
          ? !superType.equals("java/lang/Object")
          : has(classes, clientPackage, superType, member)) {
        return true;
      }
    }
    return false;
  }

  /** Writes them down, for {@link #told}. */
  void tell(Words words) {
    words.put(members.size());
    for (Map.Entry<String, List<String>> owner : members.entrySet()) {
      words.put(owner.getKey());
      words.put(owner.getValue());
    }
  }

  /** The needs as they were written down. */
  static Needs told(Words words) {
    Needs result = new Needs();
    int count = words.nextNumber();
    for (int i = 0; i < count; i++) {
      result.members.put(words.next(), words.nextList());
    }
    return result;
  }
}
