package dev.freshwire.it.harness;

import dev.freshwire.it.driver.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the agent wrote at the end of its JVM because of its option {@code report=<path>}.
 *
 * @param errors its count of things that went wrong inside it
 * @param json the whole report
 */
public record AgentReport(long errors, Map<String, Object> json) {

  /** The report in that file; empty if there is none. */
  public static Optional<AgentReport> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Map<String, Object> json = Json.parse(Files.readString(file));
      Object errors = Objects.requireNonNull(json.get("errors"), "a report without errors");
      return Optional.of(new AgentReport((Long) errors, json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
