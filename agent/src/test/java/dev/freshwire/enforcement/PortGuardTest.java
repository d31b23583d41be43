package dev.freshwire.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard against the tables of a system that is made up: 500 ports, 80 % of which are 400. */
class PortGuardTest {
  private static final Settings SETTINGS = Settings.defaults();
  private static final String HOST = "a.example";
  private static final int PORT = 8080;

  @TempDir private Path proc;
  private final Telemetry telemetry = new Telemetry();

  @BeforeEach
  void range() throws IOException {
    Files.createDirectories(proc.resolve("sys/net/ipv4"));
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("sys/net/ipv4/ip_local_port_range"), "30000\t30499\n");
    taken(0);
  }

  /** So many connections to port 8080 of 127.0.0.1, and their other ends on the same machine. */
  private void taken(int count) throws IOException {
    StringBuilder table = new StringBuilder("  sl  local_address rem_address   st tx_queue\n");
    for (int i = 0; i < count; i++) {
      String local = "0100007F:%04X".formatted(30_000 + i);
      String remote = "0100007F:1F90";
      table.append("%4d: %s %s 06 00000000:00000000\n".formatted(i, local, remote));
      table.append("%4d: %s %s 01 00000000:00000000\n".formatted(i, remote, local));
    }
    Files.writeString(proc.resolve("net/tcp"), table);
  }

  private PortGuard guard() {
    return new PortGuard(telemetry, new LocalPorts(proc.toString()));
  }

  private long counted(Counter counter) {
    return telemetry.of(HOST, PORT).get(counter);
  }

  @Test
  void the_system_tells_range_and_destinations() throws IOException {
    taken(7);
    String v6 = "0000000000000000FFFF00000100007F";
    Files.writeString(
        proc.resolve("net/tcp6"),
        "  sl  local_address rem_address\n   0: %s:7600 %s:1F90 06 0:0\n".formatted(v6, v6));
    LocalPorts ports = new LocalPorts(proc.toString());
    assertThat(ports.count()).isEqualTo(500);
    assertThat(ports.takenByRemotePort()).isEqualTo(Map.of(PORT, 8));
  }

  @Test
  void where_nothing_is_told_the_usual_range_is_assumed() {
    LocalPorts ports = new LocalPorts(proc.resolve("nothing").toString());
    assertThat(ports.count()).isEqualTo(16_384);
    assertThat(ports.takenByRemotePort()).isNull();
  }

  @Test
  void ports_are_scarce_from_the_limit_on_and_until_a_quarter_is_back() throws Exception {
    PortGuard guard = guard();
    taken(400);
    for (int i = 1; i < 400; i++) {
      guard.opened(HOST, PORT, SETTINGS, System.nanoTime());
    }
    guard.opened(HOST, PORT, SETTINGS, System.nanoTime());
    assertThat(guard.isScarce(HOST, PORT)).isTrue();
    assertThat(guard.isScarce("b.example", PORT)).isFalse();
    assertThat(counted(Counter.PORT_GUARD_FALLBACKS)).isEqualTo(1);

    taken(310);
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (System.nanoTime() < until) {
      assertThat(guard.isScarce(HOST, PORT)).as("above 300").isTrue();
    }
    taken(290);
    until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (guard.isScarce(HOST, PORT) && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    assertThat(guard.isScarce(HOST, PORT)).isFalse();
    assertThat(counted(Counter.PORT_GUARD_RETURNS)).isEqualTo(1);
  }

  @Test
  void an_exhausted_range_is_noticed_whatever_was_counted() throws IOException {
    taken(499);
    PortGuard guard = guard();
    assertThat(guard.exhausted(HOST, PORT, SETTINGS)).isTrue();
    assertThat(guard.isScarce(HOST, PORT)).isTrue();
  }

  @Test
  void a_port_that_is_refused_while_most_are_free_says_nothing_of_the_others() throws IOException {
    taken(199);
    PortGuard guard = guard();
    assertThat(guard.exhausted(HOST, PORT, SETTINGS)).isFalse();
    assertThat(guard.isScarce(HOST, PORT)).isFalse();
    assertThat(counted(Counter.PORT_GUARD_FALLBACKS)).isZero();
  }

  @Test
  void where_the_system_does_not_tell_a_refusal_is_believed() {
    PortGuard guard = new PortGuard(telemetry, new LocalPorts(proc.resolve("nothing").toString()));
    assertThat(guard.exhausted(HOST, PORT, SETTINGS)).isTrue();
    assertThat(guard.isScarce(HOST, PORT)).isTrue();
  }

  @Test
  void long_tables_are_read_less_often_and_never_too_seldom() {
    long millis = TimeUnit.MILLISECONDS.toNanos(1);
    assertThat(PortGuard.pauseAfter(millis)).isEqualTo(500 * millis);
    assertThat(PortGuard.pauseAfter(20 * millis)).isEqualTo(1_000 * millis);
    assertThat(PortGuard.pauseAfter(900 * millis)).isEqualTo(1_500 * millis);
  }

  @Test
  void switched_off_it_does_nothing() {
    PortGuard guard = guard();
    Settings off = Settings.builder().portGuardPercent(0).build();
    for (int i = 0; i < 1_000; i++) {
      guard.opened(HOST, PORT, off, System.nanoTime());
    }
    assertThat(guard.exhausted(HOST, PORT, off)).isFalse();
    assertThat(guard.isScarce(HOST, PORT)).isFalse();
    assertThat(counted(Counter.PORT_GUARD_FALLBACKS)).isZero();
  }
}
