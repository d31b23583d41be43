package dev.freshwire.wiring;

import dev.freshwire.telemetry.Report;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What {@code java -jar freshwire-agent.jar status|attach|detach} asks of the agent: the command
 * has the JVM load the agent once more, with a request instead of options, and reads the answer
 * where the attach API lets it look anyway, in the system properties. That needs no port and no
 * file, and works from outside a container.
 *
 * <p>A request is {@code ?action number options}; the answer is in the property {@value #ANSWER}
 * and the number, until some more requests were answered. It begins with {@code OK} or {@code
 * ERROR}.
 */
final class Requests {
  static final String PREFIX = "?";
  static final String ANSWER = "dev.freshwire.answer.";

  /** So many may be asked at the same time. */
  private static final int KEPT = 4;

  private static final Deque<String> ANSWERS = new ArrayDeque<>();

  private Requests() {}

  static void answer(String request, Instrumentation instrumentation) throws IOException {
    int action = request.indexOf(' ');
    int number = request.indexOf(' ', action + 1);
    if (action < 0 || number < 0) {
      throw new IOException("not a request: " + request);
    }
    String property = ANSWER + request.substring(action + 1, number);
    switch (request.substring(1, action)) {
      case "attach":
        put(property, attach(request.substring(number + 1), instrumentation));
        break;
      case "detach":
        put(property, detach());
        break;
      default:
        put(property, status());
        break;
    }
  }

  private static synchronized void put(String property, String answer) {
    // Asking for their removal would load the agent again, and Java 21 and later warn each time.
    if (ANSWERS.size() == KEPT) {
      System.getProperties().remove(ANSWERS.remove());
    }
    ANSWERS.add(property);
    System.getProperties().setProperty(property, answer);
  }

  private static String attach(String options, Instrumentation instrumentation) throws IOException {
    @Nullable String problem = Agent.configure(options, instrumentation);
    return problem == null ? status() : problem;
  }

  private static String detach() {
    Agent agent = Agent.attached();
    if (agent == null) {
      return "ERROR freshwire - not attached";
    }
    agent.detach();
    return "OK detached";
  }

  private static String status() {
    Agent agent = Agent.attached();
    return agent == null
        ? "ERROR freshwire - not attached"
        : "OK " + Report.text(new Control(agent));
  }
}
