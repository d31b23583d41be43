package dev.freshwire.config;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.policy.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
  @TempDir Path folder;
  private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
  private Path file;
  private ConfigWatch watch;

  @BeforeEach
  void start() throws Exception {
    file = folder.resolve("freshwire.properties");
    Files.writeString(file, "mode=observe");
    Configuration configuration =
        Configuration.load("config.interval=50ms,config=" + file, new Properties(), Map.of());
    assertThat(configuration.fileIntervalMillis()).isEqualTo(50);
    watch =
        start(
            configuration,
            new ConfigWatch.Listener() {
              @Override
              public @Nullable String reloaded(ConfigWatch by, Configuration changed) {
                told.add(changed);
                return null;
              }

              @Override
              public void rejected(String line) {
                told.add(line);
              }
            });
  }

  @AfterEach
  void stop() throws Exception {
    watch.stop();
    Thread thread = thread();
    if (thread != null) {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void a_file_that_changes_is_read_anew() throws Exception {
    replace("mode=off");
    assertThat(nextConfiguration().policy().mode()).isEqualTo(Mode.OFF);
    replace("mode=enforce\nconnect-timeout=1s");
    Configuration second = nextConfiguration();
    assertThat(second.policy().mode()).isEqualTo(Mode.ENFORCE);
    assertThat(second.policy().everywhere().connectTimeoutMillis()).isEqualTo(1000);
  }

  @Test
  void a_change_that_leaves_size_and_time_as_they_were_is_seen() throws Exception {
    FileTime time = Files.getLastModifiedTime(file);
    Path next = Files.writeString(folder.resolve("next"), "mode=enforce");
    Files.setLastModifiedTime(next, time);
    move(next);
    assertThat(nextConfiguration().policy().mode()).isEqualTo(Mode.ENFORCE);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
  }

  @Test
  void a_large_file_is_known_by_its_time() throws Exception {
    String filling = "#" + "-".repeat(100_000);
    replace("mode=enforce\n" + filling);
    assertThat(nextConfiguration().policy().mode()).isEqualTo(Mode.ENFORCE);
    FileTime before = Files.getLastModifiedTime(file);
    Path next = Files.writeString(folder.resolve("next"), "mode=observe\n" + filling);
    Files.setLastModifiedTime(next, FileTime.fromMillis(before.toMillis() + 2000));
    move(next);
    assertThat(nextConfiguration().policy().mode()).isEqualTo(Mode.OBSERVE);
  }

  @Test
  void a_bad_file_is_told_once_and_a_good_one_after_it_holds() throws Exception {
    replace("mode=wrong-on-purpose");
    assertThat(next())
        .isEqualTo(
            "file " + file + ", line 1: mode=wrong-on-purpose: expected enforce, observe or off");
    Files.delete(file);
    assertThat(next().toString()).endsWith(": no such file");
    replace("mode=off");
    // Whatever was told between would be found here.
    assertThat(nextConfiguration().policy().mode()).isEqualTo(Mode.OFF);
  }

  @Test
  void a_change_between_the_first_reading_and_the_start_is_not_missed() throws Exception {
    watch.stop();
    Configuration configuration =
        Configuration.load("config.interval=50ms,config=" + file, new Properties(), Map.of());
    replace("mode=off");
    BlockingQueue<Configuration> changes = new LinkedBlockingQueue<>();
    ConfigWatch late =
        start(
            configuration,
            new ConfigWatch.Listener() {
              @Override
              public @Nullable String reloaded(ConfigWatch by, Configuration changed) {
                changes.add(changed);
                return null;
              }

              @Override
              public void rejected(String line) {
                throw new AssertionError(line);
              }
            });
    Configuration changed = changes.poll(10, SECONDS);
    late.stop();
    assertThat(changed).isNotNull();
    assertThat(changed.policy().mode()).isEqualTo(Mode.OFF);
  }

  @Test
  void a_file_that_is_written_in_place_is_taken_when_it_keeps_still() throws Exception {
    // Looked at by hand: no thread decides what is seen.
    stop();
    Files.writeString(file, "mode=off");
    watch.look();
    Files.writeString(file, "mode=off\nconnect-timeout=1");
    watch.look();
    Files.writeString(file, "mode=off\nconnect-timeout=1s");
    watch.look();
    assertThat(told).isEmpty();
    watch.look();
    assertThat(nextConfiguration().policy().everywhere().connectTimeoutMillis()).isEqualTo(1000);
    watch.look();
    assertThat(told).isEmpty();
  }

  @Test
  void an_empty_file_lets_go_of_nothing() throws Exception {
    stop();
    Files.writeString(file, "");
    watch.look();
    watch.look();
    assertThat(next()).isEqualTo(EMPTY_LINE.replace("FILE", file.toString()));
    watch.look();
    assertThat(told).isEmpty();
    Files.writeString(file, "# the defaults");
    watch.look();
    watch.look();
    assertThat(nextConfiguration().policy().mode()).isEqualTo(Mode.ENFORCE);
  }

  private static final String EMPTY_LINE =
      "file FILE: empty; a comment in it says that the defaults are meant";

  @Test
  void a_reload_on_request_reads_the_file_whether_it_changed_or_not() throws Exception {
    watch.stop();
    assertThat(watch.reload()).isNull();
    assertThat(nextConfiguration().policy().mode()).isEqualTo(Mode.OBSERVE);
    replace("mode=wrong-on-purpose");
    assertThat(watch.reload()).contains("mode=wrong-on-purpose: expected").isEqualTo(next());
  }

  @Test
  void the_thread_is_a_daemon_with_a_name() {
    assertThat(thread()).isNotNull().matches(Thread::isDaemon);
  }

  @Test
  void without_a_file_there_is_no_thread() {
    Configuration configuration = Configuration.load("mode=off", new Properties(), Map.of());
    assertThat(
            ConfigWatch.start(
                configuration,
                new ConfigWatch.Listener() {
                  @Override
                  public @Nullable String reloaded(ConfigWatch by, Configuration changed) {
                    return null;
                  }

                  @Override
                  public void rejected(String line) {}
                }))
        .isNull();
  }

  private static ConfigWatch start(Configuration configuration, ConfigWatch.Listener listener) {
    return Objects.requireNonNull(ConfigWatch.start(configuration, listener));
  }

  private static @Nullable Thread thread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("freshwire-config-watch"))
        .findAny()
        .orElse(null);
  }

  private Configuration nextConfiguration() throws InterruptedException {
    return (Configuration) next();
  }

  private Object next() throws InterruptedException {
    return Objects.requireNonNull(told.poll(10, SECONDS), "nothing was told");
  }

  private void replace(String text) throws Exception {
    move(Files.writeString(folder.resolve("next"), text));
  }

  private void move(Path next) throws Exception {
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
