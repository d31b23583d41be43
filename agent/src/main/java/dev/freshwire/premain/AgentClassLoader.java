package dev.freshwire.premain;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.net.MalformedURLException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent's own classes, which lie in {@code inst/} of its jar as {@code .classdata}, so
 * that no other loader finds them. Sees the JDK and nothing of the application.
 */
final class AgentClassLoader extends ClassLoader
    implements Consumer<BiFunction<@Nullable String, Instrumentation, @Nullable String>> {
  private static final String FOLDER = "inst/";

  static {
    registerAsParallelCapable();
  }

  private final JarFile jar;
  private final ProtectionDomain domain;
  private @Nullable BiFunction<@Nullable String, Instrumentation, @Nullable String> start;

  AgentClassLoader(File file) throws IOException {
    // The parent of the system loader: the platform loader, or the extension loader of Java 8.
    super(ClassLoader.getSystemClassLoader().getParent());
    jar = new JarFile(file, false);
    // With a null permission collection and this loader, a security manager asks its policy.
    domain =
        new ProtectionDomain(
            new CodeSource(url(file), (Certificate[]) null), allPermissions(), this, null);
  }

  private static java.security.PermissionCollection allPermissions() {
    java.security.Permission all = new java.security.AllPermission();
    java.security.PermissionCollection permissions = all.newPermissionCollection();
    permissions.add(all);
    return permissions;
  }

  @SuppressWarnings("deprecation") // URL's constructors are all that Java 8 has without a handler
  private static URL url(File file) throws MalformedURLException {
    return file.toURI().toURL();
  }

  /**
   * Hands over the way to start the agent, which calls this when its class is initialised: JDK
   * types are all that both sides see. Calling it by reflection instead would make JDK 18 and later
   * spin a dozen method handle classes, for 10 ms and more at every start.
   */
  @Override
  public void accept(BiFunction<@Nullable String, Instrumentation, @Nullable String> agentStart) {
    start = agentStart;
  }

  /** The agent's start: from arguments and instrumentation to what is wrong with the arguments. */
  BiFunction<@Nullable String, Instrumentation, @Nullable String> start(String agentClass)
      throws ClassNotFoundException {
    Class.forName(agentClass, true, this);
    if (start == null) {
      throw new ClassNotFoundException(agentClass);
    }
    return start;
  }

  /**
   * The agent's own classes are looked for here and nowhere else: asking the parents first would
   * cost an exception for each.
   */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("dev.freshwire.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = read(FOLDER + name.replace('.', '/') + ".classdata");
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length, domain);
  }

  /** Class files by their usual names, too: the advice classes are read, not loaded. */
  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    byte[] bytes = read(FOLDER + (name.endsWith(".class") ? name + "data" : name));
    return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    String entry = FOLDER + name;
    if (jar.getEntry(entry) == null) {
      return null;
    }
    try {
      return jarUrl(entry);
    } catch (MalformedURLException e) {
      return null;
    }
  }

  @SuppressWarnings("deprecation") // as above
  private URL jarUrl(String entry) throws MalformedURLException {
    return new URL("jar:" + new File(jar.getName()).toURI() + "!/" + entry);
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL url = findResource(name);
    return url == null
        ? Collections.emptyEnumeration()
        : Collections.enumeration(Collections.singleton(url));
  }

  private byte @Nullable [] read(String entryName) {
    ZipEntry entry = jar.getEntry(entryName);
    if (entry == null) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      byte[] bytes = new byte[(int) entry.getSize()];
      int length = 0;
      for (int n = 1; n > 0 && length < bytes.length; length += Math.max(0, n)) {
        n = in.read(bytes, length, bytes.length - length);
      }
      return length == bytes.length ? bytes : null;
    } catch (IOException e) {
      return null;
    }
  }
}
