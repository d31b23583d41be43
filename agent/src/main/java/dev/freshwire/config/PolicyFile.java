package dev.freshwire.config;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The properties file: lines of {@code key=value} in UTF-8, with {@code #} or {@code !} before a
 * comment and a backslash at the end of a line that goes on. Loaded only if one is configured.
 *
 * <p>Not {@link java.util.Properties}: that knows no lines to name in an error, lets a later key
 * silently replace an earlier one, and ends a key at the colon of {@code host:port}.
 */
final class PolicyFile {
  /** Room for tens of thousands of host patterns. */
  static final int LARGEST = 4 * 1024 * 1024;

  private static final int COMPARED = 64 * 1024;
  private static final long UNREADABLE = -1;

  private final Assignment named;
  private final List<Assignment> assignments = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  private PolicyFile(Assignment named) {
    this.named = named;
  }

  /**
   * What the file says, in its order.
   *
   * @param named where the file was named
   */
  static List<Assignment> read(Assignment named) {
    PolicyFile file = new PolicyFile(named);
    file.parse(file.text(new File(named.value)));
    return file.assignments;
  }

  /**
   * Differs whenever the file does. A file of ordinary size is compared by what is in it, since two
   * changes within one tick of the file system's clock leave the same time and perhaps the same
   * size; one that is too large to be read every second is compared by those.
   */
  static long stamp(String path) {
    File file = new File(path);
    long length = file.length();
    if (length > COMPARED) {
      return length * 31 + file.lastModified();
    }
    try (InputStream in = new FileInputStream(file)) {
      byte[] buffer = new byte[8192];
      long stamp = length;
      int left = COMPARED; // a device may have no end
      for (int n = in.read(buffer); n > 0 && left > 0; n = in.read(buffer)) {
        for (int i = 0; i < n; i++) {
          stamp = (stamp ^ buffer[i]) * 0x100000001b3L;
        }
        left -= n;
      }
      return stamp;
    } catch (IOException unreadable) {
      return UNREADABLE;
    }
  }

  /**
   * An empty file is hardly meant: it would let go of everything, and is what a file is for a
   * moment that is written in place.
   */
  static void refuseEmpty(String path) {
    File file = new File(path);
    if (file.isFile() && file.length() == 0) {
      throw BadOptionException.in(
          "file " + path, "empty; a comment in it says that the defaults are meant");
    }
  }

  private void parse(String text) {
    int number = 0;
    int start = 0;
    while (start < text.length()) {
      int first = ++number;
      StringBuilder logical = new StringBuilder();
      boolean continued;
      do {
        int end = text.indexOf('\n', start);
        end = end < 0 ? text.length() : end;
        String line = text.substring(start, end).trim();
        start = end + 1;
        boolean comment = logical.length() == 0 && isComment(line);
        continued = !comment && line.endsWith("\\");
        logical.append(continued ? line.substring(0, line.length() - 1).trim() : line);
        if (continued && start < text.length()) {
          number++;
        }
      } while (continued && start < text.length());
      String line = logical.toString();
      if (!line.isEmpty() && !isComment(line)) {
        assign("file " + named.value + ", line " + first, first, line);
      }
    }
  }

  private static boolean isComment(String line) {
    return line.startsWith("#") || line.startsWith("!");
  }

  private void assign(String where, int number, String line) {
    // A host pattern in quotes has no equals sign, so the first one ends the key.
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw BadOptionException.in(
          where, BadOptionException.shown(line, 80) + ": expected <key>=<value>");
    }
    String key = line.substring(0, equals).trim();
    Assignment assignment = Assignment.of(where, "", key, line.substring(equals + 1).trim());
    if (assignment.option == Option.CONFIG || assignment.option == Option.CONFIG_INTERVAL) {
      throw BadOptionException.wrong(assignment, "this option cannot stand in the file itself");
    }
    Integer earlier = lines.put(assignment.host + " " + assignment.option.key(), number);
    if (earlier != null) {
      throw BadOptionException.wrong(assignment, "given twice, the first time in line " + earlier);
    }
    assignments.add(assignment);
  }

  private String text(File file) {
    if (!file.exists()) {
      throw BadOptionException.wrong(named, "no such file");
    }
    if (file.isDirectory()) {
      throw BadOptionException.wrong(named, "expected a file, but it is a directory");
    }
    try {
      return decode(bytes(file));
    } catch (IOException unreadable) {
      throw BadOptionException.wrong(
          named, "cannot be read: " + BadOptionException.shown("" + unreadable.getMessage(), 200));
    }
  }

  private byte[] bytes(File file) throws IOException {
    try (InputStream in = new FileInputStream(file)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
        // Not by length(): a pipe or a device has none.
        if (bytes.size() > LARGEST) {
          throw BadOptionException.wrong(named, "longer than " + LARGEST + " bytes");
        }
      }
      return bytes.toByteArray();
    }
  }

  private String decode(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw BadOptionException.wrong(named, "not UTF-8 at byte " + in.position());
    }
    out.flip();
    boolean marked = out.length() > 0 && out.charAt(0) == '\ufeff';
    return marked ? out.subSequence(1, out.length()).toString() : out.toString();
  }
}
