package dev.freshwire.it.operations;

import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that runs {@link Application}, as an operator would start it. */
final class OperatedJvm implements AutoCloseable {
  /** How a command or a JVM ended. */
  record Ended(int status, String out, String err) {}

  private final Path directory;
  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;

  private OperatedJvm(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param options of the JVM, {@code -javaagent} among them
   */
  static OperatedJvm start(TestedJvm jvm, Path directory, String... options) throws IOException {
    return start(jvm, directory, Application.class, options);
  }

  /** Starts another application, which prints {@code ready} and answers commands by lines, too. */
  static OperatedJvm start(TestedJvm jvm, Path directory, Class<?> application, String... options)
      throws IOException {
    Process process = builder(jvm, directory, List.of(options), application).start();
    OperatedJvm started = new OperatedJvm(directory, process);
    String line = started.answers.readLine();
    while (line != null && !line.equals("ready")) {
      // Flight Recorder says on standard output that it has begun.
      line = started.answers.readLine();
    }
    if (line == null) {
      throw new IOException("the JVM did not start: " + started.stderr());
    }
    return started;
  }

  /** Runs it with nothing to do, to its end. */
  static Ended run(TestedJvm jvm, Path directory, List<String> options, String... environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = builder(jvm, directory, options, Application.class);
    for (int i = 0; i < environment.length; i += 2) {
      builder.environment().put(environment[i], environment[i + 1]);
    }
    return end(builder.redirectInput(new File("/dev/null")), directory);
  }

  /** The option that attaches the packaged agent at the start. */
  static String agent(String options) {
    return "-javaagent:" + PackagedAgent.jar() + "=" + options;
  }

  /** Runs {@code java -jar freshwire-agent.jar}. */
  static Ended command(TestedJvm jvm, Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(jvm.java().toString(), "-jar", PackagedAgent.jar().toString()));
    command.addAll(Arrays.asList(arguments));
    return end(new ProcessBuilder(command), directory);
  }

  static Ended end(ProcessBuilder builder, Path directory)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("it does not end: " + Files.readString(err));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static ProcessBuilder builder(
      TestedJvm jvm, Path directory, List<String> options, Class<?> application) {
    return new ProcessBuilder(command(jvm, options, application))
        .directory(directory.toFile())
        .redirectError(directory.resolve("stderr.txt").toFile());
  }

  /** What starts an application of this package. */
  static List<String> command(TestedJvm jvm, List<String> options, Class<?> application) {
    List<String> command = new ArrayList<>();
    command.add(jvm.java().toString());
    command.add("-Xmx256m");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    StringBuilder classPath = new StringBuilder();
    for (Path jar : new ClientVersion("okhttp", "4.12.0").jars()) {
      classPath.append(jar.toAbsolutePath()).append(File.pathSeparator);
    }
    try {
      classPath.append(
          Path.of(Application.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    command.add("-cp");
    command.add(classPath.toString());
    command.add(application.getName());
    return command;
  }

  String pid() {
    return Long.toString(process.pid());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Has the application do something and returns its answer. */
  String tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the JVM has ended: " + stderr());
    }
    return answer;
  }

  /** Asks until the agent's bean is there or not, as expected. */
  String bean(boolean expected) throws IOException {
    String answer = tell("bean");
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (answer.equals("no bean") == expected && System.nanoTime() < until) {
      answer = tell("bean");
    }
    return answer;
  }

  String stderr() throws IOException {
    return Files.readString(directory.resolve("stderr.txt"));
  }

  /** Ends it in an orderly way. */
  @Override
  public void close() throws IOException {
    try {
      commands.close();
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the JVM does not end: " + stderr());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
