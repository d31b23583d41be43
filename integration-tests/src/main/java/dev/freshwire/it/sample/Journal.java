package dev.freshwire.it.sample;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.UUID;

/** Writes what the trading agent did as lines of JSON. Thread-safe. */
final class Journal {

  /** A call that is given its request id and returns the HTTP status. */
  interface Call {
    int send(String requestId) throws IOException, InterruptedException;
  }

  private final ObjectMapper mapper = new ObjectMapper();
  private final PrintStream out;

  Journal(PrintStream out) {
    this.out = out;
  }

  void started(String check, int requests) {
    write(event(check, "start").put("requests", requests));
  }

  void ended(String check) {
    write(event(check, "end"));
  }

  void done() {
    write(event("", "done"));
  }

  /** Makes the call, and writes how it went and how long it took. */
  void record(String check, String operation, Call call) throws InterruptedException {
    String requestId = UUID.randomUUID().toString();
    ObjectNode line = event(check, "request");
    line.put("operation", operation).put("request", requestId);
    long start = System.nanoTime();
    try {
      int status = call.send(requestId);
      line.put("ok", status >= 200 && status < 300).put("status", status);
      if (status < 200 || status >= 300) {
        line.put("error", "HTTP " + status);
      }
    } catch (IOException e) {
      line.put("ok", false).put("error", name(e)).put("message", String.valueOf(e.getMessage()));
    }
    write(line.put("micros", (System.nanoTime() - start) / 1000));
  }

  private static String name(IOException e) {
    // "unexpected end of stream" is a bare IOException: its message is the better name.
    return e.getClass() == IOException.class
        ? String.valueOf(e.getMessage()).replaceAll(" on http.*", "")
        : e.getClass().getSimpleName();
  }

  private ObjectNode event(String check, String event) {
    return mapper
        .createObjectNode()
        .put("event", event)
        .put("check", check)
        .put("at", System.currentTimeMillis());
  }

  private synchronized void write(ObjectNode line) {
    out.println(line);
    out.flush();
  }
}
