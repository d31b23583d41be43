package dev.freshwire.it.apache;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.HttpClientContract;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.faults.Protocol;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/** What the clients of both generations, classic and asynchronous, have in common. */
abstract class ApacheContract extends HttpClientContract {
  /** Whether the versions were left to choose: then the newest stands for all of them. */
  static final boolean SAMPLE = System.getProperty("freshwire.test.versions", "").isEmpty();

  /** The versions under test, from the oldest to the newest. */
  static Stream<Arguments> versions(String client, String... versions) {
    return SAMPLE ? runtimes(client, versions[versions.length - 1]) : runtimes(client, versions);
  }

  @Override
  protected boolean speaks(Protocol protocol) {
    return protocol != Protocol.TLS_H2;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    return switch (at.row()) {
      case IDLE_WEB_SOCKET -> "the client has no WebSocket";
      case HTTP_CACHE -> "the cache is another library";
      default -> super.notFor(at);
    };
  }

  @Override
  protected Stock stock(Combination at) {
    return switch (at.row()) {
      // A GET is repeated; the POST fails, although the connection was dead before it was sent.
      case FIN_WHILE_IDLE, RST_WHILE_IDLE, FIN_AT_100TH -> at.post() ? Stock.LOST : Stock.COPES;
      case SILENT_DROP, CONNECT_UNANSWERED, NO_RESPONSE, FIRST_ADDRESS_SILENT -> Stock.HANGS;
      case HANDSHAKE_DROPPED, PORT_OPENS_LATE, PORT_OPENS_LATE_ONE_SHOT -> Stock.LOST;
      case UNKNOWN_ERROR_ONCE -> at.post() ? Stock.COPES : Stock.HANDED_ON;
      default -> Stock.COPES;
    };
  }

  /** Whether the version under test is one of this minor version. */
  final boolean is(String minor) {
    return version().version().startsWith(minor + ".");
  }
}
