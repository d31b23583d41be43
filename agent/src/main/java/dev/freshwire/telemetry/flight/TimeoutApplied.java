package dev.freshwire.telemetry.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("dev.freshwire.TimeoutApplied")
@Label("Timeout Applied")
@Description("A client's timeout was set or shortened")
@Category("Freshwire")
@StackTrace(false)
final class TimeoutApplied extends Event {
  @Label("Host")
  String host = "";

  @Label("Port")
  int port;

  @Label("Kind")
  String kind = "";

  @Label("Before")
  @Description("0 or less: no limit")
  @Timespan(Timespan.MILLISECONDS)
  long before;

  @Label("Timeout")
  @Timespan(Timespan.MILLISECONDS)
  long timeout;

  @Label("Acted")
  @Description("False when the agent only observes")
  boolean acted;
}
