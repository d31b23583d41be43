package dev.freshwire.it.demo;

import java.io.Console;
import java.io.PrintStream;

/**
 * Shows how far a run is: a line that rewrites itself on a terminal, one plain line per check
 * elsewhere.
 */
final class Progress implements SampleRun.Listener {

  private static final int BAR = 20;

  private final PrintStream out;
  private final String run;
  private final boolean terminal;

  Progress(PrintStream out, String run, boolean terminal) {
    this.out = out;
    this.run = run;
    this.terminal = terminal;
  }

  /** Whether standard output is a terminal. */
  @SuppressWarnings("SystemConsoleNull") // Up to JDK 21 null tells; from 22 on isTerminal() does.
  static boolean onTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  @Override
  public void progressed(String check, int made, int expected) {
    if (terminal) {
      int filled = expected == 0 ? BAR : Math.min(BAR, BAR * made / expected);
      // Erases the line, so that a shorter text leaves nothing of a longer one.
      out.print(
          "\r\u001b[K"
              + run
              + "  ["
              + "#".repeat(filled)
              + ".".repeat(BAR - filled)
              + "]  "
              + check
              + " "
              + made
              + "/"
              + expected);
      out.flush();
    } else if (made == expected) {
      out.println(run + ": " + check + ", " + made + " requests made");
    }
  }

  /** Clears the line. */
  void end() {
    if (terminal) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
