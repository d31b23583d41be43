package dev.freshwire.it.failures;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Gives a method or a field another name, wherever it is declared and called: a client goes on as
 * it was, and who looks for it finds none. Works on class files, and as an agent on classes that
 * are being loaded. Only the JDK is used: the agent's jar has nothing else.
 */
public final class Doctor implements ClassFileTransformer {
  private static final int UTF8 = 1;

  private final String packagePrefix;
  private final String name;
  private final @Nullable String except;

  private Doctor(String packagePrefix, String name, @Nullable String except) {
    this.packagePrefix = packagePrefix;
    this.name = name;
    this.except = except;
  }

  /** Writes the agent. */
  static Path jar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", Doctor.class.getName());
    String entry = Doctor.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream in = Doctor.class.getClassLoader().getResourceAsStream(entry)) {
      out.putNextEntry(new JarEntry(entry));
      out.write(Objects.requireNonNull(in).readAllBytes());
      out.closeEntry();
    }
    return jar;
  }

  /**
   * Doctors what is loaded from now on.
   *
   * @param arguments what the names of the classes begin with, the name, and, if any, what is in
   *     the names of classes that are left as they are; with blanks between
   */
  public static void premain(String arguments, Instrumentation instrumentation) {
    String[] words = arguments.split(" ", -1);
    instrumentation.addTransformer(
        new Doctor(words[0], words[1], words.length > 2 ? words[2] : null));
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    return className != null
            && className.startsWith(packagePrefix)
            && (except == null || !className.contains(except))
        ? renamed(classFile, name)
        : null;
  }

  /** The class file with another name in place of this one. */
  static byte[] renamed(byte[] classFile, String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(classFile.length + 16);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(in.readLong()); // magic, version
      int constants = in.readUnsignedShort();
      out.writeShort(constants);
      for (int i = 1; i < constants; i++) {
        int tag = in.readUnsignedByte();
        out.writeByte(tag);
        switch (tag) {
          case UTF8 -> {
            String text = in.readUTF();
            out.writeUTF(text.equals(name) ? name + "Doctored" : text);
          }
          case 5, 6 -> { // long and double, which count for two
            out.writeLong(in.readLong());
            i++;
          }
          case 7, 8, 16, 19, 20 -> out.writeShort(in.readUnsignedShort());
          case 15 -> {
            out.writeByte(in.readUnsignedByte());
            out.writeShort(in.readUnsignedShort());
          }
          default -> out.writeInt(in.readInt());
        }
      }
      in.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
