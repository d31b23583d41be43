package dev.freshwire.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that outlive the request of a web application which has them made. */
class BackgroundTest {
  private static final InheritableThreadLocal<String> LOCAL = new InheritableThreadLocal<>();

  private final ClassLoader application = new ClassLoader(null) {};
  private final List<@Nullable Object> seen = new ArrayList<>();
  private @Nullable ClassLoader before;

  @BeforeEach
  void enter() {
    before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(application);
    LOCAL.set("the application's");
  }

  @AfterEach
  void leave() {
    Thread.currentThread().setContextClassLoader(before);
    LOCAL.remove();
  }

  private void seeContext() {
    seen.add(Thread.currentThread().getContextClassLoader());
  }

  @Test
  void hold_nothing_of_it() throws InterruptedException {
    Thread thread =
        Background.thread(
            () -> {
              seeContext();
              seen.add(LOCAL.get());
            },
            "freshwire-test");
    assertThat(thread.isDaemon()).isTrue();
    thread.start();
    thread.join();
    assertThat(seen).containsExactly(null, null);
  }

  @Test
  void have_its_class_loader_while_they_work_for_it() throws InterruptedException {
    Runnable work = Background.asHere(this::seeContext);
    Thread thread =
        Background.thread(
            () -> {
              work.run();
              seeContext();
            },
            "freshwire-test");
    thread.start();
    thread.join();
    assertThat(seen).containsExactly(application, null);
  }
}
