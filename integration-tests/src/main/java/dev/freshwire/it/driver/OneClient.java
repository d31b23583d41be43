package dev.freshwire.it.driver;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A library's client that is opened and closed as one object.
 *
 * @param <C> the client
 * @param <R> what a running call is cancelled by
 */
public abstract class OneClient<C extends Closeable, R> implements ClientUnderTest {
  private final Map<String, R> running = new ConcurrentHashMap<>();

  /** Calls whose request was seen to arrive, and that were cancelled, before they could be. */
  private final Set<String> cancelled = ConcurrentHashMap.newKeySet();

  private volatile @Nullable C client;

  /** The client as the application builds it, ready for calls. */
  protected abstract C build(Settings settings);

  /** Cancels a call by the library's own means. */
  protected abstract void cancel(R call);

  protected final C client() {
    C opened = client;
    if (opened == null) {
      throw new IllegalStateException("not open");
    }
    return opened;
  }

  /** The call can be cancelled by this from now on. */
  protected final void begun(Call call, R by) {
    running.put(call.ticket(), by);
    if (cancelled.remove(call.ticket())) {
      cancel(by);
    }
  }

  /** It cannot any more. */
  protected final void ended(Call call) {
    running.remove(call.ticket());
  }

  @Override
  public final void open(Settings settings) {
    client = build(settings);
  }

  @Override
  public final void cancel(String ticket) {
    cancelled.add(ticket);
    R call = running.get(ticket);
    if (call != null && cancelled.remove(ticket)) {
      cancel(call);
    }
  }

  @Override
  public final void close() throws IOException {
    C opened = client;
    if (opened != null) {
      opened.close();
    }
  }
}
