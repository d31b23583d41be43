package dev.freshwire.telemetry.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("dev.freshwire.ConnectionOpened")
@Label("Connection Opened")
@Description("A client opened a connection to an origin in scope")
@Category("Freshwire")
@StackTrace(false)
final class ConnectionOpened extends Event {
  @Label("Host")
  String host = "";

  @Label("Port")
  int port;
}
