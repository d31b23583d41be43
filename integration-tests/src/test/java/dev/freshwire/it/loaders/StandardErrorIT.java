package dev.freshwire.it.loaders;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.loaders.Workshop.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application whose standard error goes to its log, which is shipped by the client that is
 * enforced. What the agent says while it rewrites a class of that must not get there: the JVM shows
 * no transformer a class that is loaded by what it does itself.
 */
@ExtendWith(CompatibilityRows.class)
class StandardErrorIT {
  private static final String SHIPS =
      """
      package app;
      import java.io.*;
      public final class Ships {
        static boolean shipping;
        public static void main(String[] args) throws Exception {
          System.setErr(new PrintStream(new OutputStream() {
            @Override public synchronized void write(int b) {
              if (b == '\\n' && !shipping) {
                shipping = true;
                try {
                  System.out.println("shipped " + Main.calls(args[0]));
                } catch (Exception e) {
                  System.out.println(e);
                }
                shipping = false;
              }
            }
          }, true));
          Main.main(args);
        }
      }
      """;

  @TempDir private Path directory;

  @Test
  void whatAnApplicationPutsInItsPlaceGetsNoneOfTheLinesOfTheAgent() throws Exception {
    Workshop workshop = new Workshop(directory);
    Path classes =
        workshop.compile(
            "classes",
            Map.of("app/Main.java", LoadersIT.OKHTTP_MAIN, "app/Ships.java", SHIPS),
            "-cp",
            Workshop.path(Workshop.okhttp("5.5.1")));
    List<Path> path = new ArrayList<>(Workshop.okhttp("5.5.1"));
    path.add(classes);
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(answer()))) {
      Ended ended =
          workshop.run(
              TestedJvm.all().get(0).java().toString(),
              List.of(
                  // Two kinds of lines, by two ways: the start's, and all others.
                  "-javaagent:" + PackagedAgent.jar() + "=hosts=localhost,log=debug",
                  "-cp",
                  Workshop.path(path),
                  "app.Ships",
                  server.url("localhost", "/")));
      assertThat(ended.out()).as(ended.err()).isEqualTo(LoadersIT.THREE);
      assertThat(ended.err())
          .contains("INFO freshwire - okhttp 5.5.1: enforced")
          .contains("DEBUG freshwire - okhttp: rewrote okhttp3/internal/connection/Exchange\n");
      assertThat(server.ledger().accepted()).isEqualTo(3);
    }
  }
}
