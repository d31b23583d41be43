package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file changes every 100 ms, valid and invalid in turn, while the application works. */
class ReloadIT {
  private static final String COMMON =
      "retry.budget=off\nretry.backoff=1ms..2ms\nretry.statuses=503\n";
  private static final String[] CONTENTS = {
    "reuse=never\nretry.max-attempts=2\n" + COMMON,
    "reuse=sometimes\n" + COMMON,
    "reuse=unchanged\nretry.max-attempts=5\n" + COMMON,
    "retry.max-attempts=many\n" + COMMON
  };

  @TempDir private Path directory;

  @Test
  void no_request_is_lost_and_none_has_two_policies() throws Exception {
    Path file = directory.resolve("policy.properties");
    Files.writeString(file, CONTENTS[0]);
    ScheduledExecutorService changes = Executors.newSingleThreadScheduledExecutor();
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application =
            OperatedJvm.start(
                TestedJvm.all().get(0),
                directory,
                OperatedJvm.agent("config.interval=50ms,config=" + file))) {
      AtomicInteger turn = new AtomicInteger();
      var changing =
          changes.scheduleAtFixedRate(
              () -> replace(file, CONTENTS[turn.incrementAndGet() % CONTENTS.length]),
              100,
              100,
              TimeUnit.MILLISECONDS);
      Set<Integer> attempts = new TreeSet<>();
      int requests = 0;
      // Two thirds of the requests are answered at once; the others show whose policy they have.
      while (requests < 10_000 || turn.get() < 60) {
        assertThat(application.tell("get " + origin.url() + " 1000 4"))
            .isEqualTo("ok 1000, unavailable 0, failed 0");
        assertThat(origin.newArrivals().values()).allMatch(count -> count.get() == 1).hasSize(1000);
        assertThat(application.tell("get " + origin.url() + "/503 500 4"))
            .isEqualTo("ok 0, unavailable 500, failed 0");
        Map<String, AtomicInteger> arrivals = origin.newArrivals();
        assertThat(arrivals).hasSize(500);
        arrivals.values().forEach(count -> attempts.add(count.get()));
        requests += 1500;
      }
      changing.cancel(false);
      assertThat(attempts).containsExactly(2, 5);
      assertThat(application.stderr())
          .contains("INFO freshwire - reloaded: ", "policy.properties, line 1")
          .contains("WARN freshwire - not reloaded, what held so far still does: ")
          .contains("reuse=sometimes: expected", "retry.max-attempts=many: expected")
          .doesNotContain("ERROR");
    } finally {
      changes.shutdownNow();
    }
  }

  /** As an editor leaves it for a moment that writes in place, and each part of it is valid. */
  @Test
  @SuppressWarnings("FutureReturnValueIgnored") // What is not written is waited for in vain.
  void half_a_file_never_takes_effect() throws Exception {
    Path file = directory.resolve("policy.properties");
    Files.writeString(file, COMMON + "retry.max-attempts=2\n");
    ScheduledExecutorService editor = Executors.newSingleThreadScheduledExecutor();
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application =
            OperatedJvm.start(
                TestedJvm.all().get(0),
                directory,
                OperatedJvm.agent("config.interval=1s,config=" + file))) {
      Set<Integer> attempts = new TreeSet<>();
      for (int wanted : new int[] {5, 2, 5}) {
        String last = "retry.max-attempts=" + wanted;
        editor.execute(() -> write(file, "", StandardOpenOption.TRUNCATE_EXISTING));
        editor.schedule(
            () -> write(file, COMMON, StandardOpenOption.APPEND), 400, TimeUnit.MILLISECONDS);
        editor.schedule(
            () -> write(file, last, StandardOpenOption.APPEND), 800, TimeUnit.MILLISECONDS);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        do {
          assertThat(application.tell("get " + origin.url() + "/503 20 4"))
              .isEqualTo("ok 0, unavailable 20, failed 0");
          origin.newArrivals().values().forEach(count -> attempts.add(count.get()));
        } while (!application.bean(true).contains(last) && System.nanoTime() < until);
      }
      assertThat(attempts).containsExactly(2, 5);
    } finally {
      editor.shutdownNow();
    }
  }

  private static void write(Path file, String text, StandardOpenOption how) {
    try {
      Files.writeString(file, text, how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The policy changes after a request has looked into the pool and before it connects: what
   * becomes of the new connection is up to the policy that the request began with.
   */
  @ParameterizedTest
  @CsvSource({"never, unchanged, 0", "unchanged, never, 1"})
  void a_request_under_way_keeps_its_policy(String before, String after, int pooled)
      throws Exception {
    Path file = directory.resolve("policy.properties");
    Files.writeString(file, "reuse=" + before);
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application =
            OperatedJvm.start(
                TestedJvm.all().get(0),
                directory,
                OperatedJvm.agent("config.interval=50ms,config=" + file))) {
      assertThat(application.tell("hold http://localhost:" + origin.port())).isEqualTo("held");
      assertThat(application.bean(true)).contains("reuse=" + before);
      replace(file, "reuse=" + after);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!application.bean(true).contains("reuse=" + after) && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      assertThat(application.tell("proceed")).isEqualTo("200, pooled " + pooled);
    }
  }

  private static void replace(Path file, String content) {
    try {
      Path next = file.resolveSibling("next");
      Files.writeString(next, content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
