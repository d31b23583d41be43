package dev.freshwire.telemetry;

import dev.freshwire.policy.Origin;
import dev.freshwire.policy.RetryVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All that was found and counted, for people and for programs. */
public final class Report {
  private static final String[] COLUMNS = {
    "origin", "requests", "attempts", "opened", "reused", "retries", "timeouts", "replays"
  };

  /** What most applications have none of. */
  private static final Counter[] BESIDE_THE_COLUMNS = {
    Counter.REUSES_REFUSED,
    Counter.STALE_AVOIDED,
    Counter.REUSES_EXPIRED,
    Counter.PREWARMED_USED,
    Counter.PREWARMED_WASTED,
    Counter.PORT_GUARD_FALLBACKS,
    Counter.PORT_GUARD_RETURNS,
    Counter.CALL_TIMEOUTS_APPLIED,
    Counter.SESSIONS_KEPT_IN_MEMORY
  };

  private Report() {}

  /** As tables. */
  public static String text(Operations agent) {
    Telemetry telemetry = agent.telemetry();
    StringBuilder text = new StringBuilder();
    text.append("freshwire ")
        .append(agent.version())
        .append(", mode ")
        .append(agent.mode())
        .append(", ")
        .append(telemetry.errors())
        .append(" errors\n")
        .append(agent.configuration())
        .append("\n\n");
    libraries(telemetry, text);
    text.append('\n');
    origins(telemetry, text);
    return text.toString();
  }

  private static void libraries(Telemetry telemetry, StringBuilder text) {
    List<Library> libraries = telemetry.libraries().list();
    if (libraries.isEmpty()) {
      text.append("no client library was found\n");
    }
    for (Library library : libraries) {
      text.append(library.client)
          .append(' ')
          .append(library.version)
          .append(" (loader ")
          .append(library.loaderName)
          .append("): ");
      if (!library.isEnforced()) {
        text.append("not enforced: ").append(library.reason).append('\n');
        continue;
      }
      text.append("enforced, ").append(library.rewritten.size()).append(" classes rewritten");
      if (!library.without.isEmpty()) {
        text.append(", without ").append(library.without);
      }
      text.append("\n  hook hits:");
      String separator = " ";
      for (String purpose : library.hooks.keySet()) {
        text.append(separator)
            .append(purpose)
            .append(' ')
            .append(telemetry.libraries().hits(library, purpose));
        separator = ", ";
      }
      text.append('\n');
    }
  }

  private static void origins(Telemetry telemetry, StringBuilder text) {
    List<String[]> rows = new ArrayList<>();
    List<String> verdicts = new ArrayList<>();
    rows.add(COLUMNS);
    verdicts.add("");
    telemetry.forEachOrigin(
        (origin, counters) -> {
          long timeouts =
              counters.get(Counter.CONNECT_TIMEOUTS_CAPPED)
                  + counters.get(Counter.READ_TIMEOUTS_APPLIED);
          rows.add(
              new String[] {
                origin.toString(),
                Long.toString(counters.get(Counter.REQUESTS)),
                Long.toString(counters.get(Counter.ATTEMPTS)),
                Long.toString(counters.get(Counter.CONNECTIONS_OPENED)),
                Long.toString(counters.get(Counter.CONNECTIONS_REUSED)),
                Long.toString(counters.retries()),
                Long.toString(timeouts),
                Long.toString(counters.get(Counter.REPLAYS_SUPPRESSED))
              });
          verdicts.add(verdicts(counters));
        });
    if (rows.size() == 1) {
      text.append("no requests to origins in scope\n");
      return;
    }
    int[] widths = new int[COLUMNS.length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      String[] row = rows.get(r);
      text.append(row[0]);
      blanks(text, widths[0] - row[0].length());
      for (int i = 1; i < widths.length; i++) {
        blanks(text, 2 + widths[i] - row[i].length());
        text.append(row[i]);
      }
      text.append('\n').append(verdicts.get(r));
    }
  }

  private static String verdicts(OriginCounters counters) {
    StringBuilder line = new StringBuilder();
    for (Counter counter : BESIDE_THE_COLUMNS) {
      long count = counters.get(counter);
      if (count > 0) {
        line.append(line.length() == 0 ? "  " : ", ").append(counter).append(' ').append(count);
      }
    }
    for (RetryVerdict verdict : RetryVerdict.values()) {
      long count = counters.get(verdict);
      if (count > 0) {
        line.append(line.length() == 0 ? "  " : ", ").append(verdict).append(' ').append(count);
      }
    }
    return line.length() == 0 ? "" : line.append('\n').toString();
  }

  private static void blanks(StringBuilder text, int count) {
    for (int i = 0; i < count; i++) {
      text.append(' ');
    }
  }

  /** As one JSON object. Its keys are stable. */
  public static String json(Operations agent) {
    Telemetry telemetry = agent.telemetry();
    StringBuilder json = new StringBuilder("{\"version\":");
    quote(json, agent.version());
    quote(json.append(",\"mode\":"), agent.mode());
    quote(json.append(",\"configuration\":"), agent.configuration());
    json.append(",\"errors\":").append(telemetry.errors());
    json.append(",\"clients\":[");
    String separator = "";
    for (Library library : telemetry.libraries().list()) {
      json.append(separator);
      append(json, telemetry, library);
      separator = ",";
    }
    json.append("],\"origins\":{");
    int before = json.length();
    telemetry.forEachOrigin(
        (origin, counters) -> {
          json.append(json.length() == before ? "" : ",");
          append(json, origin, counters);
        });
    return json.append("}}\n").toString();
  }

  private static void append(StringBuilder json, Telemetry telemetry, Library library) {
    quote(json.append("{\"client\":"), library.client);
    quote(json.append(",\"version\":"), library.version);
    quote(json.append(",\"loader\":"), library.loaderName);
    json.append(",\"enforced\":").append(library.isEnforced());
    quote(json.append(",\"reason\":"), library.reason);
    json.append(",\"rewritten\":").append(library.rewritten.size());
    json.append(",\"hits\":{");
    String separator = "";
    for (Map.Entry<String, Integer> hook : library.hooks.entrySet()) {
      quote(json.append(separator), hook.getKey());
      json.append(':').append(telemetry.libraries().hits(library, hook.getKey()));
      separator = ",";
    }
    json.append("}}");
  }

  private static void append(StringBuilder json, Origin origin, OriginCounters counters) {
    quote(json, origin.toString());
    json.append(":{");
    String separator = "";
    for (Counter counter : Counter.values()) {
      quote(json.append(separator), counter.name());
      json.append(':').append(counters.get(counter));
      separator = ",";
    }
    for (RetryVerdict verdict : RetryVerdict.values()) {
      quote(json.append(','), verdict.name());
      json.append(':').append(counters.get(verdict));
    }
    json.append('}');
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u00").append(Character.forDigit(c >> 4, 16));
        json.append(Character.forDigit(c & 0xf, 16));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
