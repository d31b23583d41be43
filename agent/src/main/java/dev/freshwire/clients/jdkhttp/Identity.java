package dev.freshwire.clients.jdkhttp;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as a key: this one and none that is equal to it, as two requests for the same are, and
 * only for as long as somebody else has it.
 */
public final class Identity extends WeakReference<Object> {
  private static final ReferenceQueue<Object> GONE = new ReferenceQueue<>();
  private static final Map<Identity, Attempts> ATTEMPTS = new ConcurrentHashMap<>();

  private final int hash;

  private Identity(Object of, @Nullable ReferenceQueue<Object> gone) {
    super(of, gone);
    hash = System.identityHashCode(of);
  }

  /** Remembers which attempts {@code request} belongs to. */
  static void put(Object request, Attempts attempts) {
    for (Reference<?> gone = GONE.poll(); gone != null; gone = GONE.poll()) {
      ATTEMPTS.remove(gone);
    }
    ATTEMPTS.put(new Identity(request, GONE), attempts);
  }

  /** The attempts that {@code request} belongs to. */
  static @Nullable Attempts get(Object request) {
    return ATTEMPTS.get(new Identity(request, null));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    Object of = get();
    return of != null && other instanceof Identity && ((Identity) other).get() == of;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
