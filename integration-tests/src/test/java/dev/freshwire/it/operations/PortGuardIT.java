package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that opens connections faster than local ports come back, in a network of its own
 * with 500 ports. A closed connection keeps its port for a minute, which is how long this takes.
 */
class PortGuardIT {
  private static final String NETWORK =
      "ip link set lo up"
          + " && echo 30000 30499 > /proc/sys/net/ipv4/ip_local_port_range"
          // Otherwise Linux gives ports on loopback back after a second.
          + " && echo 0 > /proc/sys/net/ipv4/tcp_tw_reuse"
          + " && exec \"$@\"";

  @TempDir private Path directory;

  @BeforeAll
  static void needsANetworkOfItsOwn() throws Exception {
    assumeTrue(
        System.getProperty("freshwire.test.modes", "").contains("validated"),
        "takes two minutes, runs with -Dfreshwire.test.modes=...,validated");
    assumeTrue(isAllowed(), "a network namespace may not be made here: unshare -n, as root");
  }

  private static boolean isAllowed() throws InterruptedException {
    try {
      Process tried =
          new ProcessBuilder("unshare", "-n", "sh", "-c", NETWORK, "sh", "true").start();
      return tried.waitFor(10, TimeUnit.SECONDS) && tried.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void nothing_fails_and_reuse_begins_and_ends() throws Exception {
    String report = run("report=" + directory.resolve("report.json"), "20000", "100");
    assertThat(report).startsWith("ok 2").endsWith(", failed 0");
    String json = Files.readString(directory.resolve("report.json"));
    // On a slow machine ports come back, and run out again, before all requests are made.
    assertThat(json)
        .containsPattern("\"PORT_GUARD_FALLBACKS\":[1-9]")
        .containsPattern("\"PORT_GUARD_RETURNS\":[1-9]")
        .contains("\"errors\":0")
        .doesNotContain("\"CONNECTIONS_REUSED\":0,");
    assertThat(Files.readString(directory.resolve("err.txt")))
        .contains("of 500 local ports are taken towards it");
  }

  @Test
  void without_the_guard_requests_fail() throws Exception {
    assertThat(run("port-guard=off", "2000", "0")).doesNotContain("failed 0");
  }

  private String run(String options, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", NETWORK, "sh"));
    command.addAll(
        OperatedJvm.command(
            TestedJvm.all().get(0),
            List.of(OperatedJvm.agent(options), "-Djava.net.preferIPv4Stack=true"),
            BusyApplication.class));
    command.addAll(List.of(arguments));
    Path out = directory.resolve("out.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(directory.resolve("err.txt").toFile())
            .start();
    try {
      assertThat(process.waitFor(240, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(out).trim();
  }
}
