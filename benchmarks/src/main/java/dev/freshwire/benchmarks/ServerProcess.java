package dev.freshwire.benchmarks;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The {@link CountingServer} as a child process, which ends with this one at the latest. Safe for
 * use by several threads.
 */
final class ServerProcess implements AutoCloseable {

  /** Connections that the server accepted, and requests that it answered. */
  record Counts(long connections, long requests) {}

  private final Process process;
  private final BufferedReader answers;
  private final int port;
  private Counts reported = new Counts(0, 0);

  private ServerProcess(Process process) throws IOException {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.port = Integer.parseInt(readAnswer());
  }

  static ServerProcess start() throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-cp",
            System.getProperty("java.class.path"),
            CountingServer.class.getName());
    return new ServerProcess(command.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  int port() {
    return port;
  }

  /** What happened since the last call, so that the answers to all threads add up. */
  synchronized Counts newCounts() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    String answer = readAnswer();
    int blank = answer.indexOf(' ');
    Counts total =
        new Counts(
            Long.parseLong(answer.substring(0, blank)),
            Long.parseLong(answer.substring(blank + 1)));
    Counts news =
        new Counts(total.connections - reported.connections, total.requests - reported.requests);
    reported = total;
    return news;
  }

  private String readAnswer() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new EOFException("The server ended");
    }
    return answer;
  }

  /** Ends the process by ending its input, by force after ten seconds or when interrupted. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (process.waitFor(10, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
