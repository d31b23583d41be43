package dev.freshwire.telemetry;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** What was counted, written when the JVM exits. */
public final class ExitReport extends Thread {
  private final Operations agent;
  private final String destination;

  /**
   * A report to be added to the JVM's shutdown hooks.
   *
   * @param destination {@code exit} for a table on standard error, or the path of a file for JSON
   */
  public ExitReport(Operations agent, String destination) {
    super("freshwire-report");
    this.agent = agent;
    this.destination = destination;
  }

  @Override
  public void run() {
    if (destination.equals("exit")) {
      System.err.print(Report.text(agent));
      System.err.flush();
      return;
    }
    try (Writer out =
        new OutputStreamWriter(new FileOutputStream(destination), StandardCharsets.UTF_8)) {
      out.write(Report.json(agent));
    } catch (IOException e) {
      Telemetry.log().warn("no report written to {}: {}", destination, e.toString());
    }
  }
}
