package dev.freshwire.command;

import dev.freshwire.config.OptionsTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** {@code java -jar freshwire-agent.jar}: attaches, asks, detaches, and tells about options. */
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NOT_THERE = 3;

  private static final String HELP =
      "usage: java -jar freshwire-agent.jar <command>\n"
          + "\n"
          + "  attach <pid> [key=value,...]  protect a JVM that runs, or give its agent new options\n"
          + "  status <pid>                  what the agent of a JVM found, does and counted\n"
          + "  detach <pid>                  give a JVM's clients back as they were\n"
          + "  options                       every option with its default\n"
          + "  --version                     this agent's version\n"
          + "  --help                        this text\n"
          + "\n"
          + "To protect a JVM from its start: java -javaagent:freshwire-agent.jar[=key=value,...]\n"
          + "\n"
          + "exit status: 0 done, 1 failed, 2 not understood, 3 that JVM has no agent\n";

  private final String jar;
  private final PrintStream out;
  private final PrintStream err;

  Main(String jar, PrintStream out, PrintStream err) {
    this.jar = jar;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs one command and ends the JVM with its status.
   *
   * @param jar where the agent is
   */
  public static void main(String[] arguments, String jar) {
    System.exit(new Main(jar, System.out, System.err).run(arguments));
  }

  int run(String[] arguments) {
    String command = arguments.length == 0 ? "" : arguments[0];
    switch (command) {
      case "--help":
      case "-h":
      case "help":
        out.print(HELP);
        return DONE;
      case "--version":
      case "version":
        return version();
      case "options":
        out.print(OptionsTable.plain());
        return DONE;
      case "attach":
        return arguments.length >= 2 ? onProcess(arguments) : usage("attach needs a process id");
      case "status":
      case "detach":
        return arguments.length == 2
            ? onProcess(arguments)
            : usage(command + " needs a process id and nothing else");
      case "":
        return usage("no command");
      default:
        return usage("unknown command " + command);
    }
  }

  private int usage(String problem) {
    err.println("freshwire: " + problem);
    err.print(HELP);
    return USAGE;
  }

  private int version() {
    try (InputStream in = Main.class.getClassLoader().getResourceAsStream("version.txt")) {
      byte[] bytes = new byte[64];
      int length = in == null ? 0 : Math.max(0, in.read(bytes));
      out.println("freshwire " + new String(bytes, 0, length, StandardCharsets.US_ASCII).trim());
      return DONE;
    } catch (IOException e) {
      err.println("freshwire: " + e);
      return FAILED;
    }
  }

  private int onProcess(String[] arguments) {
    String pid = arguments[1];
    if (!isNumber(pid)) {
      return usage("not a process id: " + pid);
    }
    try (Target target = Target.attach(pid)) {
      boolean present = target.property(Target.MARK) != null;
      if (!present && !arguments[0].equals("attach")) {
        err.println("freshwire: process " + pid + " has no agent");
        return NOT_THERE;
      }
      String answer = target.ask(jar, arguments[0], options(arguments));
      if (!answer.startsWith("OK ")) {
        err.println(answer.startsWith("ERROR freshwire - ") ? answer.substring(6) : answer);
        return FAILED;
      }
      out.println(answer.substring(3).trim());
      return DONE;
    } catch (TargetException e) {
      err.println("freshwire: process " + pid + ": " + e.getMessage());
      return FAILED;
    }
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 10;
  }

  /** Options may stand in one argument or in several. */
  private static String options(String[] arguments) {
    StringBuilder options = new StringBuilder();
    for (int i = 2; i < arguments.length; i++) {
      options.append(i == 2 ? "" : ",").append(arguments[i]);
    }
    return options.toString();
  }
}
