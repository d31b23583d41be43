package dev.freshwire.weaving;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/** Reads class files without loading the classes. */
final class ClassFiles {
  /** The newest class file version that the bundled ASM reads by itself. */
  private static final int NEWEST_KNOWN = Opcodes.V26;

  private static final int MAJOR = 7;

  private ClassFiles() {}

  /**
   * The class file that {@code loader} would load.
   *
   * @param loader null for the boot loader
   * @param name internal name
   * @return null when there is none
   */
  static byte @Nullable [] find(@Nullable ClassLoader loader, String name) throws IOException {
    return resource(loader, name + ".class");
  }

  /**
   * A resource as {@code loader} finds it.
   *
   * @return null when there is none
   */
  static byte @Nullable [] resource(@Nullable ClassLoader loader, String resource)
      throws IOException {
    // As a stream and not by URL: the URL's connection would open and index the jar each time anew.
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      return in == null ? null : readFully(in);
    }
  }

  static byte[] readFully(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      bytes.write(buffer, 0, n);
    }
    return bytes.toByteArray();
  }

  /**
   * A reader of a class file of any version. A newer one than ASM knows is read as the newest it
   * knows; what is newer in it than that would be an unknown attribute or constant, on which ASM
   * fails, which leaves the class as it is.
   */
  static ClassReader reader(byte[] classFile) {
    if (major(classFile) <= NEWEST_KNOWN) {
      return new ClassReader(classFile);
    }
    byte[] older = classFile.clone();
    older[MAJOR - 1] = (byte) (NEWEST_KNOWN >> 8);
    older[MAJOR] = (byte) NEWEST_KNOWN;
    return new ClassReader(older);
  }

  /** Gives {@code rewritten} the version that {@code original} has. */
  static byte[] withVersionOf(byte[] rewritten, byte[] original) {
    System.arraycopy(original, 4, rewritten, 4, 4);
    return rewritten;
  }

  private static int major(byte[] classFile) {
    return ((classFile[MAJOR - 1] & 0xff) << 8) | (classFile[MAJOR] & 0xff);
  }
}
