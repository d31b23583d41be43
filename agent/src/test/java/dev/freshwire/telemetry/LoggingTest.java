package dev.freshwire.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoggingTest {
  /** The application's log may lead to a client whose class is just being rewritten. */
  @Test
  void nothingOfItGoesToWhatTheApplicationPutInPlaceOfStandardError() {
    PrintStream before = System.err;
    ByteArrayOutputStream application = new ByteArrayOutputStream();
    System.setErr(new PrintStream(application, true, StandardCharsets.UTF_8));
    try {
      Logging.start("a test: a line of a start");
      Logging.log().warn("a test: any other line");
      Logging.start("a test: a line of a start, with the log there");
    } finally {
      System.setErr(before);
    }
    assertThat(application.toString(StandardCharsets.UTF_8)).isEmpty();
  }
}
