package dev.freshwire.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The decision about a client in a loader when something comes between: all of its classes get
 * their hooks, or none does.
 */
class DecisionTest {
  private static final String RETRY = "okhttp3.internal.http.RetryAndFollowUpInterceptor";
  private static final String EXCHANGE = "okhttp3.internal.connection.Exchange";

  private final Reports reports = new Reports();

  /** As a jar that is read by a channel, on a thread that is interrupted. */
  @Test
  void aClassThatCannotBeReadLeavesTheClientAlone() throws Exception {
    Loader loader = new Loader(gate(definer()));
    loader.unreadable = new IOException("closed by interrupt");
    loader.loadClass(EXCHANGE);
    loader.unreadable = null;
    loader.loadClass(RETRY);
    assertThat(reports.enforced).isEmpty();
    assertThat(reports.rewritten).isEmpty();
    assertThat(reports.failed).singleElement().asString().contains("closed by interrupt");
  }

  @Test
  void aLoaderThatThrowsLeavesTheClientAlone() throws Exception {
    Loader loader = new Loader(gate(definer()));
    loader.broken = new StackOverflowError();
    loader.loadClass(EXCHANGE);
    loader.broken = null;
    loader.loadClass(RETRY);
    assertThat(reports.enforced).isEmpty();
    assertThat(reports.rewritten).isEmpty();
    assertThat(reports.failed).singleElement().asString().contains("StackOverflowError");
  }

  /** Half of the companions are there. */
  @Test
  void aDeepStackWhileCompanionsAreDefinedLeavesTheClientAlone() throws Exception {
    ClassDefiner real = definer();
    int[] left = {3};
    Loader loader =
        new Loader(
            gate(
                new ClassDefiner() {
                  @Override
                  public Class<?> define(
                      @Nullable ClassLoader loader,
                      String name,
                      byte[] bytes,
                      @Nullable ProtectionDomain domain)
                      throws ReflectiveOperationException {
                    if (left[0]-- == 0) {
                      throw new StackOverflowError();
                    }
                    return real.define(loader, name, bytes, domain);
                  }
                }));
    loader.loadClass(EXCHANGE);
    loader.loadClass(RETRY);
    assertThat(reports.enforced).isEmpty();
    assertThat(reports.rewritten).isEmpty();
    assertThat(reports.failed).singleElement().asString().contains("StackOverflowError");
  }

  @Test
  void nothingReliesOnTheHooksOfAClassThatADeepStackKeptThemFrom() throws Exception {
    Loader loader = new Loader(gate(definer()));
    loader.loadClass(RETRY);
    assertThat(reports.incomplete.getCount()).isEqualTo(1);
    reports.broken = new StackOverflowError();
    loader.loadClass(EXCHANGE);
    assertThat(reports.incomplete.getCount()).isZero();
    assertThat(reports.failed).singleElement().asString().contains("StackOverflowError");
  }

  /**
   * The JVM defines a class under the monitor of a loader that is not parallel capable: one thread
   * has that and asks for the decision, the other is making it and defines the companions.
   */
  @Test
  @Timeout(60)
  void twoThreadsDecideWithoutWaitingForEachOther() throws Exception {
    ClassDefiner real = definer();
    CountDownLatch defining = new CountDownLatch(1);
    List<Thread> loading = Collections.synchronizedList(new ArrayList<>());
    HookTransformer gate =
        gate(
            new ClassDefiner() {
              @Override
              public Class<?> define(
                  @Nullable ClassLoader loader,
                  String name,
                  byte[] bytes,
                  @Nullable ProtectionDomain domain)
                  throws ReflectiveOperationException {
                defining.countDown();
                if (loading.isEmpty() || Thread.currentThread() != loading.get(0)) {
                  awaitBlockedOrEnded(loading);
                }
                return real.define(loader, name, bytes, domain);
              }
            });
    Loader loader = new Loader(gate);
    byte[] retry = loader.read(RETRY);
    List<Object> retransformed = Collections.synchronizedList(new ArrayList<>());
    Thread retransforming =
        new Thread(
            () ->
                retransformed.add(
                    gate.transform(loader, RETRY.replace('.', '/'), null, null, retry)));
    retransforming.setDaemon(true);
    retransforming.start();
    assertThat(defining.await(10, TimeUnit.SECONDS)).isTrue();
    Thread application =
        new Thread(
            () -> {
              try {
                loader.loadClass(EXCHANGE);
              } catch (ClassNotFoundException e) {
                reports.failed.add(e.toString());
              }
            });
    application.setDaemon(true);
    application.start();
    loading.add(application);
    application.join(10_000);
    retransforming.join(10_000);
    assertThat(List.of(application.getState(), retransforming.getState()))
        .containsOnly(Thread.State.TERMINATED);
    assertThat(reports.failed).isEmpty();
    assertThat(retransformed).hasSize(1).doesNotContainNull();
    assertThat(reports.enforced).containsExactly("okhttp 5.5.1");
    assertThat(reports.events)
        .containsExactlyInAnyOrder("enforced", RETRY.replace('.', '/'), EXCHANGE.replace('.', '/'))
        .startsWith("enforced");
    // What both put into their classes links.
    assertThat(loader.loadClass("okhttp3.internal.connection.Freshwire$Attempts").getMethods())
        .isNotEmpty();
  }

  private static void awaitBlockedOrEnded(List<Thread> threads) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < until) {
      if (!threads.isEmpty()) {
        Thread.State state = threads.get(0).getState();
        if (state == Thread.State.BLOCKED || state == Thread.State.TERMINATED) {
          return;
        }
      }
      Thread.onSpinWait();
    }
  }

  private HookTransformer gate(ClassDefiner definer) throws IOException {
    HookTransformer gate = closed(definer);
    gate.open(instrumentation());
    return gate;
  }

  private HookTransformer closed(ClassDefiner definer) throws IOException {
    try (InputStream clients = getClass().getClassLoader().getResourceAsStream("clients.txt")) {
      return new HookTransformer(clients, () -> definer, reports);
    }
  }

  private static ClassDefiner definer() throws ReflectiveOperationException {
    return ClassDefiner.of(instrumentation());
  }

  /** The build opens java.lang to the tests, so that there is nothing left to redefine. */
  private static Instrumentation instrumentation() {
    return (Instrumentation)
        Proxy.newProxyInstance(
            DecisionTest.class.getClassLoader(),
            new Class<?>[] {Instrumentation.class},
            (proxy, method, arguments) ->
                method.getName().equals("getAllLoadedClasses") ? new Class<?>[0] : null);
  }

  /** Loads OkHttp's classes itself, through the gate. Not parallel capable. */
  private static final class Loader extends ClassLoader {
    private final HookTransformer gate;
    volatile @Nullable IOException unreadable;
    volatile @Nullable Error broken;

    Loader(HookTransformer gate) {
      super(DecisionTest.class.getClassLoader());
      this.gate = gate;
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
        byte[] classFile = read(name);
        byte[] rewritten = gate.transform(this, name.replace('.', '/'), null, null, classFile);
        byte[] bytes = rewritten == null ? classFile : rewritten;
        return defineClass(name, bytes, 0, bytes.length);
      }
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
      Error error = broken;
      if (error != null) {
        throw error;
      }
      InputStream in = super.getResourceAsStream(name);
      IOException failure = unreadable;
      return in == null || failure == null
          ? in
          : new FilterInputStream(in) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
              throw failure;
            }
          };
    }

    byte[] read(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        return in.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static final class Reports implements WeavingListener {
    final List<String> enforced = Collections.synchronizedList(new ArrayList<>());
    final List<String> rewritten = Collections.synchronizedList(new ArrayList<>());
    final List<String> failed = Collections.synchronizedList(new ArrayList<>());

    /** What was enforced and rewritten, in turn. */
    final List<String> events = Collections.synchronizedList(new ArrayList<>());

    final CountDownLatch incomplete = new CountDownLatch(1);
    volatile @Nullable Error broken;

    @Override
    public void incomplete() {
      incomplete.countDown();
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
      enforced.add(client + ' ' + version);
      events.add("enforced");
    }

    @Override
    public void unsupported(
        String client, String version, @Nullable ClassLoader loader, String reason) {
      failed.add("unsupported: " + reason);
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
      Error error = broken;
      if (error != null) {
        throw error;
      }
      rewritten.add(className);
      events.add(className);
    }

    @Override
    public void failed(String client, String className, Throwable failure) {
      failed.add(client + ' ' + className + ' ' + failure);
    }
  }
}
