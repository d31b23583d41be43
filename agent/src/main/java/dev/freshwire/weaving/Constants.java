package dev.freshwire.weaving;

import java.nio.charset.StandardCharsets;

/**
 * The constants of a class file, read where they lie. Dozens of classes are looked at before the
 * first one is rewritten, in the interpreter: ASM, which reads all of a class, took 50 ms for them.
 *
 * <p>What is not a class file, or newer than is known, ends in a {@code RuntimeException}.
 */
final class Constants {
  static final int UTF8 = 1;
  static final int INTEGER = 3;
  static final int STRING = 8;

  /** How many bytes follow each tag; 0 where there is no such tag. */
  private static final byte[] SIZES = new byte[21];

  static {
    SIZES[INTEGER] = 4;
    SIZES[4] = 4; // float
    SIZES[5] = 8; // long
    SIZES[6] = 8; // double
    SIZES[7] = 2; // class
    SIZES[STRING] = 2;
    SIZES[9] = 4; // field
    SIZES[10] = 4; // method
    SIZES[11] = 4; // interface method
    SIZES[12] = 4; // name and type
    SIZES[15] = 3; // method handle
    SIZES[16] = 2; // method type
    SIZES[17] = 4; // dynamic
    SIZES[18] = 4; // invokedynamic
    SIZES[19] = 2; // module
    SIZES[20] = 2; // package
  }

  private final byte[] bytes;
  private final int[] at;

  /** Where the constants end and the class's access flags are. */
  final int end;

  Constants(byte[] classFile) {
    bytes = classFile;
    int count = unsignedShort(8);
    at = new int[count];
    int next = 10;
    for (int i = 1; i < count; i++) {
      at[i] = next;
      int tag = classFile[next];
      if (tag == UTF8) {
        next += 3 + unsignedShort(next + 1);
        continue;
      }
      int size = tag < 0 || tag >= SIZES.length ? 0 : SIZES[tag];
      if (size == 0) {
        throw new IllegalArgumentException("constant pool tag " + tag);
      }
      next += 1 + size;
      if (size == 8) {
        i++; // a long or double counts for two
      }
    }
    end = next;
  }

  int count() {
    return at.length;
  }

  /** Where a constant's tag is; 0 of what is no constant. */
  int at(int index) {
    return at[index];
  }

  int tag(int index) {
    return at[index] == 0 ? 0 : bytes[at[index]];
  }

  /**
   * The text of a UTF-8 constant. Names that are looked for are ASCII; of others the bytes are
   * taken for characters.
   */
  String text(int index) {
    int start = at[index];
    return new String(bytes, start + 3, unsignedShort(start + 1), StandardCharsets.ISO_8859_1);
  }

  /** Whether a UTF-8 constant has this text, which is ASCII. */
  boolean is(int index, String text) {
    int start = at[index] + 3;
    if (unsignedShort(start - 2) != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The text that a class or string constant refers to. */
  String referred(int index) {
    return text(unsignedShort(at[index] + 1));
  }

  int unsignedShort(int offset) {
    return ((bytes[offset] & 0xff) << 8) | (bytes[offset + 1] & 0xff);
  }

  int integer(int offset) {
    return (unsignedShort(offset) << 16) | unsignedShort(offset + 2);
  }
}
