package dev.freshwire.it.driver;

/**
 * One client object of one library. Implementations have a public constructor without arguments.
 */
public interface ClientUnderTest {
  /** Builds the client, once, before any call. */
  void open(Settings settings) throws Exception;

  /**
   * Makes the call and consumes its response as it says, by the library's blocking or asynchronous
   * interface, and returns when that is done. May be called by many threads at once.
   */
  Reply call(Call call) throws Exception;

  /** Cancels a call that is under way. */
  void cancel(String ticket);

  /**
   * Connects a WebSocket, stays idle with heartbeats of the given interval, then sends a text.
   *
   * @return the echo
   */
  default String webSocket(String url, long idleMillis, long heartbeatMillis) throws Exception {
    throw new UnsupportedOperationException("the client has no WebSocket");
  }

  /** Closes the client as an application does that is done with it. */
  void close() throws Exception;
}
