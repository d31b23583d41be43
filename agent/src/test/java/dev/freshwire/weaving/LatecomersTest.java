package dev.freshwire.weaving;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A class that a thread of the application is defining while the gate opens. */
class LatecomersTest {
  private static final String EXCHANGE = "okhttp3.internal.connection.Exchange";

  private final Events events = new Events();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** What each look at the loaded classes finds, and what the last one does all later ones. */
  private final List<Runnable> looks = Collections.synchronizedList(new ArrayList<>());

  private volatile Class<?>[] loaded = {};

  /** An application has threads. */
  @BeforeEach
  void beAnApplication() {
    Thread another =
        new Thread(
            () -> {
              try {
                ended.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    another.setDaemon(true);
    another.start();
  }

  @AfterEach
  void end() {
    ended.countDown();
  }

  @Test
  void oneThatPassedTheClosedGateIsWaitedFor() throws Exception {
    Loader loader = new Loader();
    HookTransformer gate = gate();
    pass(gate, loader);
    for (int i = 0; i < 4; i++) {
      looks.add(() -> {});
    }
    looks.add(() -> loaded = new Class<?>[] {define(loader)});
    gate.open(instrumentation());
    assertThat(events.list).containsExactly("settling", "retransformed " + EXCHANGE, "settled");
  }

  @Test
  void oneThatWasBeyondTheGateBeforeThatWasThereIsFound() throws Exception {
    HookTransformer gate = gate();
    looks.add(() -> {});
    looks.add(() -> loaded = new Class<?>[] {define(new Loader())});
    gate.open(instrumentation());
    assertThat(events.list).containsExactly("settling", "retransformed " + EXCHANGE, "settled");
  }

  /** Until then others have relied on its hooks. */
  @Test
  void oneThatIsFoundMuchLaterGetsItsHooksAndNothingReliesOnThem() throws Exception {
    HookTransformer gate = gate();
    gate.open(instrumentation());
    // The first class of a client brings up what answers.
    pass(gate, new Loader());
    loaded = new Class<?>[] {define(new Loader())};
    assertThat(events.retransformed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(events.list)
        .containsExactly(
            "settling",
            "settled",
            "failed okhttp okhttp3/internal/connection/Exchange",
            "incomplete",
            "failed okhttp " + EXCHANGE,
            "retransformed " + EXCHANGE);
  }

  @Test
  void oneThatCameToTheOpenGateIsLeftAsItWasMade() throws Exception {
    Loader loader = new Loader();
    HookTransformer gate = gate();
    looks.add(() -> {});
    looks.add(
        () -> {
          pass(gate, loader);
          loaded = new Class<?>[] {define(loader)};
        });
    gate.open(instrumentation());
    assertThat(events.list)
        .containsExactly(
            "settling", "failed okhttp okhttp3/internal/connection/Exchange", "settled");
  }

  private HookTransformer gate() throws IOException {
    try (InputStream clients = getClass().getClassLoader().getResourceAsStream("clients.txt")) {
      return new HookTransformer(
          clients,
          () ->
              new ClassDefiner() {
                @Override
                public Class<?> define(
                    @Nullable ClassLoader loader,
                    String name,
                    byte[] bytes,
                    @Nullable ProtectionDomain domain) {
                  throw new LinkageError("nothing is rewritten here");
                }
              },
          events);
    }
  }

  private static void pass(HookTransformer gate, Loader loader) {
    assertThat(gate.transform(loader, EXCHANGE.replace('.', '/'), null, null, loader.read()))
        .isNull();
  }

  private static Class<?> define(Loader loader) {
    return loader.define(loader.read());
  }

  private Instrumentation instrumentation() {
    return (Instrumentation)
        Proxy.newProxyInstance(
            LatecomersTest.class.getClassLoader(),
            new Class<?>[] {Instrumentation.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getAllLoadedClasses" -> look();
                  case "isModifiableClass" -> true;
                  case "retransformClasses" -> retransformed((Class<?>[]) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Class<?>[] look() {
    if (!looks.isEmpty()) {
      looks.remove(0).run();
    }
    return loaded;
  }

  private @Nullable Void retransformed(Class<?>... types) {
    for (Class<?> type : types) {
      events.list.add("retransformed " + type.getName());
    }
    events.retransformed.countDown();
    return null;
  }

  private static final class Loader extends ClassLoader {
    Loader() {
      super(LatecomersTest.class.getClassLoader());
    }

    Class<?> define(byte[] bytes) {
      return defineClass(EXCHANGE, bytes, 0, bytes.length);
    }

    byte[] read() {
      try (InputStream in =
          getParent().getResourceAsStream(EXCHANGE.replace('.', '/') + ".class")) {
        return in == null ? new byte[0] : in.readAllBytes();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class Events implements WeavingListener {
    final List<String> list = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch retransformed = new CountDownLatch(1);

    @Override
    public void settling(boolean settling) {
      list.add(settling ? "settling" : "settled");
    }

    @Override
    public void incomplete() {
      list.add("incomplete");
    }

    @Override
    public void failed(String client, String className, Throwable failure) {
      list.add("failed " + client + ' ' + className);
    }

    @Override
    public int numberHooks(int count) {
      return 0;
    }

    @Override
    public void enforced(
        String client,
        String version,
        @Nullable ClassLoader loader,
        Map<String, Integer> hooks,
        Collection<String> without) {
      list.add("enforced");
    }

    @Override
    public void unsupported(
        String client, String version, @Nullable ClassLoader loader, String reason) {
      list.add("unsupported");
    }

    @Override
    public void rewritten(String client, @Nullable ClassLoader loader, String className) {
      list.add("rewritten");
    }

    @Override
    public void managementStarting() {
      list.add("management");
    }
  }
}
