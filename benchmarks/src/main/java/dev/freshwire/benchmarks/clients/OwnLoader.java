package dev.freshwire.benchmarks.clients;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads a library from a folder of jars, apart from the libraries of the benchmarks: another
 * version of one of them, or one that would only make their jar larger. The code that calls it is
 * loaded along with it; of everything else of the benchmarks there is one.
 */
final class OwnLoader extends URLClassLoader {
  /** System property with the path of the folders; by default where the build puts them. */
  static final String PROPERTY = "benchmarks.clients";

  private static final String BENCHMARKS = "dev.freshwire.benchmarks.";

  private final String client;

  private OwnLoader(URL[] jars, String client) {
    super(jars, ClassLoader.getPlatformClassLoader());
    this.client = client;
  }

  /** The class itself, or the same one beside the library's own jars where it has such. */
  static Class<?> of(Library library, Class<?> client)
      throws IOException, ReflectiveOperationException {
    Path folder =
        Path.of(System.getProperty(PROPERTY, "benchmarks/target/clients"), library.label());
    if (!Files.isDirectory(folder)) {
      requireOnClassPath(library, folder);
      return client;
    }
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : found) {
        jars.add(jar.toUri().toURL());
      }
    }
    // For as long as the JVM lives.
    return new OwnLoader(jars.toArray(new URL[0]), client.getName()).loadClass(client.getName());
  }

  /** OkHttp 5 would pass for OkHttp 4. */
  private static void requireOnClassPath(Library library, Path folder) {
    if (library == Library.OKHTTP4
        || library == Library.KTOR_CIO
        || library == Library.REACTOR_NETTY) {
      throw new IllegalStateException("No jars in " + folder.toAbsolutePath() + ": build them");
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!name.startsWith(BENCHMARKS)) {
      return super.findClass(name);
    }
    if (!name.equals(client) && !name.startsWith(client + "$")) {
      return Class.forName(name, false, OwnLoader.class.getClassLoader());
    }
    try (InputStream in =
        OwnLoader.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] code = in.readAllBytes();
      return defineClass(name, code, 0, code.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
