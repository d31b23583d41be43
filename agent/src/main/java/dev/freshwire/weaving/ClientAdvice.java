package dev.freshwire.weaving;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The companions of a client and the hooks among them, as the build put them into the jar. */
final class ClientAdvice {
  /** Where they are, in a folder for each client. */
  private static final String FOLDER = "companions/";

  /** The name of the file that says what there is. */
  static final String INDEX = "index.txt";

  /**
   * By simple name what each companion uses of the client, in an order in which they can be
   * defined: what a companion extends comes before it, because the loader looks for that at once.
   */
  final Map<String, Needs> needs = new LinkedHashMap<>();

  /** By simple name the hooks of each advice class. */
  final Map<String, AdviceClass> hooks = new HashMap<>();

  final Set<String> purposes = new TreeSet<>();
  final Set<String> optionalPurposes = new TreeSet<>();

  /** All purposes, in the order in which companions name them by number. */
  final List<String> numbered = new ArrayList<>();

  /**
   * Called as the client's folder is. A client's name may have a dot, before which the relocation
   * ends a name.
   */
  static String folder(Client client) {
    return FOLDER + client.folder.substring(client.folder.lastIndexOf('.') + 1) + '/';
  }

  static ClientAdvice read(Client client) throws IOException {
    byte[] index = resource(folder(client) + INDEX);
    return told(new Words(new String(index, StandardCharsets.US_ASCII)));
  }

  /** The class file of a companion, but for the numbers of its hooks. */
  static byte[] classFile(Client client, String companion) throws IOException {
    return resource(folder(client) + companion + ".class");
  }

  /** A companion, after those that it extends. */
  void add(String companion, Needs uses, AdviceClass declared) {
    needs.put(companion, uses);
    if (declared.methods.isEmpty()) {
      return;
    }
    hooks.put(companion, declared);
    for (AdviceMethod method : declared.methods) {
      (method.optional ? optionalPurposes : purposes).add(String.valueOf(method.purpose));
    }
  }

  /** Writes down what there is, for {@link #read}. */
  void tell(Words words) {
    words.put(numbered);
    words.put(needs.size());
    for (Map.Entry<String, Needs> companion : needs.entrySet()) {
      words.put(companion.getKey());
      companion.getValue().tell(words);
      AdviceClass declared = hooks.get(companion.getKey());
      (declared == null ? new AdviceClass("") : declared).tell(words);
    }
  }

  /** What there is, as it was written down. */
  static ClientAdvice told(Words words) {
    ClientAdvice result = new ClientAdvice();
    result.numbered.addAll(words.nextList());
    int count = words.nextNumber();
    for (int i = 0; i < count; i++) {
      result.add(words.next(), Needs.told(words), AdviceClass.told(words));
    }
    return result;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ClientAdvice.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the agent's jar has no " + name);
      }
      return ClassFiles.readFully(in);
    }
  }
}
