package dev.freshwire.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** OkHttp as it is, and with parts missing, as a version might have it that nobody has seen yet. */
class DoctoredClientTest {
  private static final String CONNECTION = "okhttp3.internal.connection.RealConnection";
  private static final String RETRY = "okhttp3.internal.http.RetryAndFollowUpInterceptor";

  private final Reports reports = new Reports();

  /** What another agent does to a class that is being loaded. */
  private UnaryOperator<byte[]> onTheWay = UnaryOperator.identity();

  @Test
  void rewritesOkHttpAsItIs() throws Exception {
    Class<?> connection = load(UnaryOperator.identity(), CONNECTION, RETRY);
    assertThat(reports.enforced).containsExactly("okhttp 5.5.1 []");
    assertThat(reports.rewritten).contains(CONNECTION.replace('.', '/'), RETRY.replace('.', '/'));
    // Companions are where the client is, and the rewritten class links.
    ClassLoader loader = connection.getClassLoader();
    Class<?> companion = loader.loadClass("okhttp3.internal.connection.Freshwire$Attempts");
    assertThat(companion.getClassLoader()).isSameAs(loader);
    assertThat(connection.getDeclaredMethods()).isNotEmpty();
  }

  @Test
  void leavesItAloneWhenAHookHasNoPlace() throws Exception {
    load(without("isEligible$okhttp"), RETRY, CONNECTION);
    assertThat(reports.unsupported)
        .containsExactly(
            "okhttp 5.5.1 found no place for [reuse]"); // once, whichever class is first
    assertThat(reports.rewritten).isEmpty();
  }

  @Test
  void leavesItAloneWhenAdviceNeedsWhatIsNotThere() throws Exception {
    load(without("withReadTimeout"), RETRY, CONNECTION);
    assertThat(reports.unsupported).hasSize(1);
    assertThat(reports.unsupported.get(0))
        .startsWith("okhttp 5.5.1 has no okhttp3.Interceptor$Chain.withReadTimeout");
    assertThat(reports.rewritten).isEmpty();
  }

  /** A response is closeable, and nothing is to be hoped for from that but its closing. */
  @Test
  void leavesItAloneWhenWhatIsCloseableLacksSomethingElse() throws Exception {
    load(without("code"), RETRY, CONNECTION);
    assertThat(reports.unsupported).hasSize(1);
    assertThat(reports.unsupported.get(0)).startsWith("okhttp 5.5.1 has no okhttp3.Response.code");
    assertThat(reports.rewritten).isEmpty();
  }

  /** Another agent may have had the class in its hands after it was read from its loader. */
  @Test
  void aClassThatLostItsPlaceOnTheWayIsLeftAloneAndNothingReliesOnItsHooks() throws Exception {
    onTheWay = without("isEligible$okhttp");
    load(UnaryOperator.identity(), RETRY);
    assertThat(reports.enforced).containsExactly("okhttp 5.5.1 []");
    assertThat(reports.incomplete).isFalse();
    load(UnaryOperator.identity(), RETRY, CONNECTION);
    assertThat(reports.incomplete).isTrue();
    assertThat(reports.rewritten).doesNotContain(CONNECTION.replace('.', '/'));
    assertThat(reports.failed).hasSize(1);
    assertThat(reports.failed.remove(0)).contains("has no place for [reuse, spare] any more");
  }

  @AfterEach
  void nothingElseFailed() {
    assertThat(reports.failed).isEmpty();
  }

  private Class<?> load(UnaryOperator<byte[]> doctor, String... names) throws Exception {
    HookTransformer transformer;
    try (InputStream clients = getClass().getClassLoader().getResourceAsStream("clients.txt")) {
      transformer = new HookTransformer(clients, () -> ClassDefiner.of(instrumentation()), reports);
    }
    transformer.open(instrumentation());
    DoctoringLoader loader = new DoctoringLoader(transformer, doctor, onTheWay);
    for (String name : names) {
      loader.loadClass(name);
    }
    return loader.loadClass(names[0]);
  }

  /** The build opens java.lang to the tests, so that there is nothing left to redefine. */
  private static Instrumentation instrumentation() {
    return (Instrumentation)
        Proxy.newProxyInstance(
            DoctoredClientTest.class.getClassLoader(),
            new Class<?>[] {Instrumentation.class},
            (proxy, method, arguments) ->
                method.getName().equals("getAllLoadedClasses") ? new Class<?>[0] : null);
  }

  private static UnaryOperator<byte[]> without(String methodName) {
    return classFile -> {
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(classFile)
          .accept(
              new ClassVisitor(Opcodes.ASM9, writer) {
                @Override
                public @Nullable MethodVisitor visitMethod(
                    int access,
                    String name,
                    String descriptor,
                    String signature,
                    String[] exceptions) {
                  return name.equals(methodName)
                      ? null
                      : super.visitMethod(access, name, descriptor, signature, exceptions);
                }
              },
              0);
      return writer.toByteArray();
    };
  }

  /** Loads OkHttp's classes itself, doctored, through the transformer. */
  private static final class DoctoringLoader extends ClassLoader {
    private final HookTransformer transformer;
    private final UnaryOperator<byte[]> doctor;
    private final UnaryOperator<byte[]> onTheWay;

    DoctoringLoader(
        HookTransformer transformer, UnaryOperator<byte[]> doctor, UnaryOperator<byte[]> onTheWay) {
      super(DoctoredClientTest.class.getClassLoader());
      this.transformer = transformer;
      this.doctor = doctor;
      this.onTheWay = onTheWay;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        if (!name.startsWith("okhttp3.")) {
          return super.loadClass(name, resolve);
        }
        byte[] classFile = onTheWay.apply(doctored(name.replace('.', '/') + ".class"));
        byte[] rewritten =
            transformer.transform(this, name.replace('.', '/'), null, null, classFile);
        byte[] bytes = rewritten == null ? classFile : rewritten;
        return defineClass(name, bytes, 0, bytes.length);
      }
    }

    @Override
    public @Nullable URL getResource(String name) {
      URL url = super.getResource(name);
      if (url == null || !name.startsWith("okhttp3/")) {
        return url;
      }
      try {
        return new URL(null, "doctored:" + name, new Doctored(this, name));
      } catch (IOException e) {
        return null;
      }
    }

    byte[] doctored(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name)) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        return doctor.apply(in.readAllBytes());
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static final class Doctored extends URLStreamHandler {
    private final DoctoringLoader loader;
    private final String name;

    Doctored(DoctoringLoader loader, String name) {
      this.loader = loader;
      this.name = name;
    }

    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      byte[] bytes;
      try {
        bytes = loader.doctored(name);
      } catch (ClassNotFoundException e) {
        throw new IOException(e);
      }
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(bytes);
        }
      };
    }
  }

  private static final class Reports implements WeavingListener {
    final List<String> enforced = new ArrayList<>();
    final List<String> unsupported = new ArrayList<>();
    final List<String> rewritten = new ArrayList<>();
    final List<String> failed = new ArrayList<>();
    boolean incomplete;

    @Override
    public void incomplete() {
      incomplete = true;
    }

    @Override
    public void settling(boolean settling) {}

    @Override
    public void enforced(
        String client,
        String version,
        @Nullable ClassLoader loader,
        Map<String, Integer> hooks,
        Collection<String> without) {
      enforced.add(client + ' ' + version + ' ' + new TreeSet<>(without));
    }

    @Override
    public void unsupported(
        String client, String version, @Nullable ClassLoader loader, String reason) {
      unsupported.add(client + ' ' + version + ' ' + reason);
    }

    @Override
    public int numberHooks(int count) {
      return 0;
    }

    @Override
    public void managementStarting() {
      failed.add("no client asks for JMX");
    }

    @Override
    public void rewritten(String client, @Nullable ClassLoader loader, String className) {
      rewritten.add(className);
    }

    @Override
    public void failed(String client, String className, Throwable failure) {
      failed.add(client + ' ' + className + ' ' + failure);
    }
  }
}
