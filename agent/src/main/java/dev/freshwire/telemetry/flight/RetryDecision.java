package dev.freshwire.telemetry.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("dev.freshwire.RetryDecision")
@Label("Retry Decision")
@Description("Whether a request is attempted again, and why")
@Category("Freshwire")
@StackTrace(false)
final class RetryDecision extends Event {
  @Label("Host")
  String host = "";

  @Label("Port")
  int port;

  @Label("Method")
  String method = "";

  @Label("Attempt")
  int attempt;

  @Label("Verdict")
  String verdict = "";

  @Label("Delay")
  @Timespan(Timespan.MILLISECONDS)
  long delay;

  @Label("Acted")
  @Description("False when the agent only observes")
  boolean acted;
}
