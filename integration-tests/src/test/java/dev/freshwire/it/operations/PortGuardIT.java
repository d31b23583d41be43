package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.harness.TestedJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that opens connections faster than local ports come back, in a network of its own
 * with 500 ports. A closed connection keeps its port for a minute, which is how long this takes.
 */
class PortGuardIT {
  /** Six times as many as there are ports, or more. */
  private static final int USUAL = 3_000;

  private static final int REQUESTS = Integer.getInteger("freshwire.test.requests", USUAL);

  /** Without the guard each of them may wait for ports in vain. */
  private static final int UNGUARDED = 2_000;

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
    String options = "log=debug,report=" + directory.resolve("report.json");
    String report = run(options, REQUESTS);
    assertThat(report).isEqualTo("ok " + (REQUESTS + BusyApplication.AFTERWARDS) + ", failed 0");
    String json = Files.readString(directory.resolve("report.json"));
    assertThat(json).contains("\"errors\":0");
    long fallbacks = counted(json, "PORT_GUARD_FALLBACKS");
    long returns = counted(json, "PORT_GUARD_RETURNS");
    if (REQUESTS <= USUAL) {
      assertThat(fallbacks).as("%s", json).isEqualTo(1);
      assertThat(returns).as("%s", json).isEqualTo(1);
    } else {
      // In a minute ports come back while there is still much to do.
      assertThat(returns).as("%s", json).isPositive();
      assertThat(fallbacks).as("%s", json).isBetween(returns, returns + 1);
    }
    assertThat(counted(json, "CONNECTIONS_REUSED"))
        .as("with a connection for every request, and 400 ports each time: %s", json)
        .isGreaterThan(REQUESTS - 600 * fallbacks - REQUESTS / 60);
    System.out.println(
        "port guard, 500 ports: "
            + report
            + ", "
            + counted(json, "CONNECTIONS_OPENED")
            + " connections opened, "
            + counted(json, "CONNECTIONS_REUSED")
            + " reused, "
            + fallbacks
            + " fallbacks, "
            + returns
            + " returns");
  }

  @Test
  void without_the_guard_requests_fail() throws Exception {
    String report = run("port-guard=off", UNGUARDED);
    assertThat(report).startsWith("ok ").doesNotContain("failed 0");
    System.out.println("without the port guard, 500 ports: " + report);
  }

  private static long counted(String json, String counter) {
    Matcher found = Pattern.compile("\"" + counter + "\":(\\d+)").matcher(json);
    assertThat(found.find()).as("%s in %s", counter, json).isTrue();
    return Long.parseLong(found.group(1));
  }

  /** Runs the application, which goes on when the agent says that there are ports again. */
  private String run(String options, int count) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", NETWORK, "sh"));
    command.addAll(
        OperatedJvm.command(
            TestedJvm.all().get(0),
            List.of(OperatedJvm.agent(options), "-Djava.net.preferIPv4Stack=true"),
            BusyApplication.class));
    command.add(String.valueOf(count));
    boolean guarded = !options.contains("port-guard=off");
    command.add(String.valueOf(guarded));
    Path out = directory.resolve("out.txt");
    Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).start();
    // One that hangs is ended, and with it the reading below.
    CompletableFuture.delayedExecutor(240, TimeUnit.SECONDS).execute(process::destroyForcibly);
    boolean scarce = false;
    try (Writer goOn = process.outputWriter();
        BufferedReader log = process.errorReader()) {
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        scarce |= line.contains("of 500 local ports are taken towards it");
        if (line.contains("there are enough local ports again")) {
          assertThat(scarce).as("said before: %s", line).isTrue();
          goOn.write('\n');
          goOn.flush();
        }
      }
      assertThat(process.waitFor()).as("it ends by itself").isZero();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(out).trim();
  }
}
