package dev.freshwire.weaving;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client library as its folder under {@code clients} describes it in {@code client.txt}. The
 * build joins these files into one, which is read at start: a few hundred bytes, so that nothing
 * else of a client is loaded before one of its classes is.
 *
 * <pre>
 * client   okhttp                                      as it is called in the log and in status
 * folder   dev.freshwire.clients.okhttp                where its advice classes are in the build
 * home     okhttp3.internal.connection                 the package they are defined in
 * owns     okhttp3                                     what the names of the client's classes begin with
 * version  okhttp3.OkHttp okhttp3.internal.Version     classes whose constants hold the version,
 *                                                      or properties files: org/apache/x.properties
 * library  httpcore org.apache.http.protocol.HttpContext needed
 *                                                      another library with classes that are rewritten, and
 *                                                      a class of it that every version loads; needed: where
 *                                                      that has another class loader the client is left alone
 * rewrites okhttp3.internal.connection.RealConnection RealConnectionAdvice
 * rewrites org.apache.http.protocol.HttpRequestExecutor RequestExecutorAdvice httpcore
 * with     Attempts                                    a class that the advice uses
 * with     H2Resets H2GoAwayAdvice                     one that is used only where the classes are
 *                                                      that this advice is for
 * </pre>
 *
 * Immutable once read.
 */
final class Client {
  /** Stands in the gate's map for a class that is noticed and never rewritten. */
  static final Client NONE = new Client("");

  final String name;
  String folder = "";
  String home = "";
  String owns = "";
  final List<String> versionClasses = new ArrayList<>();

  /** Internal names of rewritten classes, and the simple names of their advice classes. */
  final Map<String, String> advice = new HashMap<>();

  /** Names of other libraries, and a class of each. */
  final Map<String, String> libraries = new HashMap<>();

  /** Those that must have the client's own class loader. */
  final Set<String> neededLibraries = new HashSet<>();

  /** Internal names of rewritten classes that are in another library, and its name. */
  final Map<String, String> libraryOf = new HashMap<>();

  /** Simple names of companions, and of the advice beside which alone they are used. */
  final Map<String, String> usedBeside = new HashMap<>();

  /** Simple names of the classes that are defined beside the client's, advice included. */
  final List<String> companions = new ArrayList<>();

  private Client(String name) {
    this.name = name;
  }

  /**
   * Reads the joined descriptions.
   *
   * @return the clients by the internal names of the classes that are rewritten
   */
  static Map<String, Client> readAll(InputStream in) throws IOException {
    Map<String, Client> byClass = new HashMap<>();
    byte[] text = ClassFiles.readFully(in);
    Client client = new Client("");
    int end;
    for (int start = 0; start < text.length; start = end + 1) {
      end = start;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      List<String> words = words(text, start, end);
      if (words.isEmpty()) {
        continue;
      }
      switch (words.get(0)) {
        case "client":
          client = new Client(words.get(1));
          break;
        case "folder":
          client.folder = words.get(1);
          break;
        case "home":
          client.home = words.get(1);
          break;
        case "owns":
          client.owns = words.get(1).replace('.', '/') + '/';
          break;
        case "version":
          client.versionClasses.addAll(words.subList(1, words.size()));
          break;
        case "library":
          client.libraries.put(words.get(1), words.get(2));
          if (words.size() > 3) {
            client.neededLibraries.add(words.get(1));
          }
          break;
        case "rewrites":
          String rewritten = words.get(1).replace('.', '/');
          client.advice.put(rewritten, words.get(2));
          if (words.size() > 3) {
            client.libraryOf.put(rewritten, words.get(3));
          }
          if (!client.companions.contains(words.get(2))) {
            client.companions.add(words.get(2));
          }
          byClass.put(rewritten, client);
          break;
        case "with":
          client.companions.add(words.get(1));
          if (words.size() > 2) {
            client.usedBeside.put(words.get(1), words.get(2));
          }
          break;
        default:
          throw new IOException("client description: " + words);
      }
    }
    return byClass;
  }

  /**
   * Splits a line at blanks, and leaves comments out. In bytes: a start runs this interpreted,
   * where a call for each character is what takes the time.
   */
  private static List<String> words(byte[] text, int from, int to) {
    List<String> words = new ArrayList<>(4);
    int start = -1;
    for (int i = from; i < to; i++) {
      byte c = text[i];
      if (c == '#') {
        to = i;
      } else if (c != ' ') {
        start = start < 0 ? i : start;
      } else if (start >= 0) {
        words.add(new String(text, start, i - start, StandardCharsets.ISO_8859_1));
        start = -1;
      }
    }
    if (start >= 0) {
      words.add(new String(text, start, to - start, StandardCharsets.ISO_8859_1));
    }
    return words;
  }

  /** The advice of whose classes one must be there for the companion to be used; null: none. */
  @Nullable String adviceBeside(String companion) {
    String beside = usedBeside.getOrDefault(companion, companion);
    return advice.containsValue(beside) ? beside : null;
  }

  /** What the names of companions begin with as they are compiled, as internal names. */
  String folderPrefix() {
    return folder.replace('.', '/') + '/';
  }

  /** What they begin with where they are defined. */
  String homePrefix() {
    return home.replace('.', '/') + "/Freshwire$";
  }

  String companionName(String simpleName) {
    return homePrefix() + simpleName;
  }
}
