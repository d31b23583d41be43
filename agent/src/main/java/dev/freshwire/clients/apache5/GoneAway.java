package dev.freshwire.clients.apache5;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hc.core5.reactor.IOSession;

/**
 * HTTP/2 connections whose server went away before it had processed any stream. The client does not
 * keep the number of the last stream that a GOAWAY tells, and fails a stream above it as one that
 * may have been processed. Thread-safe.
 */
public final class GoneAway {
  /** By the lock, the only thing that a session and what wraps it have in common. */
  private static final Map<Object, Boolean> PROCESSED_NOTHING =
      Collections.synchronizedMap(new WeakHashMap<>());

  private static final Map<Object, Boolean> CLOSING =
      Collections.synchronizedMap(new WeakHashMap<>());

  private GoneAway() {}

  /** The server goes away, and this is the last stream that it may have processed. */
  public static void tells(IOSession session, int lastStream) {
    if (lastStream == 0) {
      PROCESSED_NOTHING.put(session.getLock(), true);
    }
  }

  /** The session has no exchange any more and is closed. */
  public static void closing(IOSession session) {
    CLOSING.put(session.getLock(), true);
  }

  /** Whether a GOAWAY has come too late for the session to do anything about it. */
  public static boolean isClosing(IOSession session) {
    return CLOSING.containsKey(session.getLock());
  }

  /** Whether no stream of this session was processed. */
  public static boolean processedNothing(IOSession session) {
    return PROCESSED_NOTHING.containsKey(session.getLock());
  }
}
