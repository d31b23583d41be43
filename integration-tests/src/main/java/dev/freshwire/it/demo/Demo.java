package dev.freshwire.it.demo;

import dev.freshwire.it.twin.Protocol;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line of the demo. Ends with 0 only if the run with the agent was perfect, and the run
 * without it failed as it should.
 */
@Command(
    name = "freshwire-demo",
    mixinStandardHelpOptions = true,
    version = "freshwire-demo 0.1.0",
    description =
        "Runs a trading application against a Supabase twin behind a gateway that drops idle"
            + " connections, first without and then with the Freshwire agent.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:with the agent everything succeeded, and without it the failures showed",
      "1:it did not come out like that, or the agent is not there",
      "2:wrong options"
    })
public final class Demo implements Callable<Integer> {

  /** What stands between the application and the server. */
  enum GatewayKind {
    builtin,
    nginx
  }

  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      defaultValue = "h1",
      description = "What the application speaks: h1, tls or h2. Default: ${DEFAULT-VALUE}.")
  private Protocol protocol = Protocol.H1;

  @Option(
      names = "--gateway",
      paramLabel = "GATEWAY",
      defaultValue = "builtin",
      description =
          "builtin: resets, drops and closes idle connections. nginx: an nginx that is installed,"
              + " which closes them politely; with it only the run with the agent decides the exit"
              + " status. Default: ${DEFAULT-VALUE}.")
  private GatewayKind gateway = GatewayKind.builtin;

  @Option(
      names = "--agent",
      paramLabel = "JAR",
      description = "The agent. Default: agent/target/freshwire-agent.jar beside this build.")
  private @Nullable Path agent;

  @Option(
      names = "--java",
      paramLabel = "PATH",
      description = "The java that runs the application. Default: the one that runs this.")
  private @Nullable Path java;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides which connection meets which fate. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  private final PrintStream out = System.out;

  private Demo() {}

  /** Runs the demo. */
  public static void main(String[] args) {
    CommandLine commandLine =
        new CommandLine(new Demo())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true);
    System.exit(commandLine.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path nginx = null;
    if (gateway == GatewayKind.nginx) {
      nginx = NginxGateway.executable().orElse(null);
      if (nginx == null) {
        System.err.println("nginx is not installed: no nginx on the path, nor in /usr/sbin");
        return 1;
      }
    }
    SampleRun run = new SampleRun(protocol, javaExecutable(), nginx, seed);
    out.println(introduction(nginx != null));
    RunReport without = run(run, null, "without Freshwire");
    Path jar = agent == null ? builtAgent() : agent.toAbsolutePath();
    if (!Files.isRegularFile(jar)) {
      out.println("There was no run with Freshwire: no agent at " + jar);
      out.println("Build it with: mvn -pl agent package");
      return 1;
    }
    RunReport with = run(run, jar, "with Freshwire");
    boolean shown = nginx != null || without.showsBothFailures();
    out.println(conclusion(without, with, shown));
    return with.perfect() && without.complete() && shown ? 0 : 1;
  }

  private RunReport run(SampleRun run, @Nullable Path jar, String title) throws Exception {
    Progress progress = new Progress(out, title, Progress.onTerminal());
    RunReport report = run.run(jar, progress);
    progress.end();
    out.println();
    out.println(ReportTable.of(title, report));
    if (!report.complete()) {
      out.println(
          "The application did not run to its end; exit status " + report.exitStatus() + ".");
    }
    if (!report.errorOutput().isBlank()) {
      out.println("On its standard error:");
      report.errorOutput().lines().limit(20).forEach(line -> out.println("  " + line));
      out.println();
    }
    return report;
  }

  private String introduction(boolean realNginx) {
    return "A trading application on OkHttp, over "
        + switch (protocol) {
          case H1 -> "plain HTTP/1.1";
          case TLS -> "HTTP/1.1 and TLS 1.3";
          case H2 -> "HTTP/2 and TLS 1.3";
        }
        + ", behind "
        + (realNginx
            ? "nginx with keepalive_timeout 1s and keepalive_requests 3."
            : "a gateway that drops idle connections (seed " + seed + ").")
        + System.lineSeparator();
  }

  private static String conclusion(RunReport without, RunReport with, boolean shown) {
    String before =
        "Without Freshwire "
            + without.total().failed()
            + " of "
            + without.total().requests()
            + " requests failed and "
            + without.total().appliedTwice()
            + " writes were applied twice; ";
    String after =
        with.perfect()
            ? "with it all " + with.total().requests() + " succeeded, each write applied once"
            : "with it "
                + with.total().failed()
                + " of "
                + with.total().requests()
                + " failed and "
                + with.total().appliedTwice()
                + " writes were applied twice, which is not what it promises";
    return before
        + after
        + (shown ? "." : "; but the run without it did not show what it is there to show.");
  }

  private Path javaExecutable() {
    return java == null ? Path.of(System.getProperty("java.home"), "bin", "java") : java;
  }

  /** Two directories up from this jar, whose place is {@code integration-tests/target}. */
  private static Path builtAgent() throws URISyntaxException {
    Path here = Path.of(Demo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path target = here.toAbsolutePath().getParent();
    return Path.of(String.valueOf(target), "..", "..", "agent", "target", "freshwire-agent.jar")
        .normalize();
  }
}
