package dev.freshwire.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One value per origin, such as its budget or its counters. Thread-safe without locks; finding a
 * value that is there allocates nothing.
 *
 * <p>Bounded: an application that calls a million hosts gets values of their own for the first
 * {@code limit} of them; all others share one.
 */
public final class PerOrigin<T> {
  private static final int BUCKETS = 1024;

  private final AtomicReferenceArray<@Nullable Entry<T>> buckets =
      new AtomicReferenceArray<>(BUCKETS);
  private final AtomicInteger size = new AtomicInteger();
  private final int limit;
  private final Function<Origin, T> factory;
  private final Entry<T> others;

  /**
   * @param limit how many origins have values of their own
   * @param factory may be called, and its result dropped, when two threads meet a new origin
   */
  public PerOrigin(int limit, Function<Origin, T> factory) {
    this.limit = limit;
    this.factory = factory;
    Origin rest = Origin.labelled("(others)");
    this.others = new Entry<>(rest, rest.host(), 0, factory.apply(rest), null);
  }

  /** The value of an origin; made if this is the first that is heard of it. */
  public T get(String host, int port) {
    Entry<T> entry = find(buckets.get(bucket(host, port)), host, port);
    return entry != null ? entry.value : findOrMake(Origin.of(host, port));
  }

  /** Every origin that has a value of its own, and the shared one last. */
  public List<Origin> origins() {
    List<Origin> origins = new ArrayList<>();
    for (int i = 0; i < BUCKETS; i++) {
      for (Entry<T> entry = buckets.get(i); entry != null; entry = entry.next) {
        origins.add(entry.origin);
      }
    }
    origins.add(others.origin);
    return origins;
  }

  /** Shows every value with its origin, and the shared one last. */
  public void forEach(BiConsumer<Origin, T> consumer) {
    for (int i = 0; i < BUCKETS; i++) {
      for (Entry<T> entry = buckets.get(i); entry != null; entry = entry.next) {
        consumer.accept(entry.origin, entry.value);
      }
    }
    consumer.accept(others.origin, others.value);
  }

  /** Also finds what was asked for in another spelling of the host. */
  private T findOrMake(Origin origin) {
    int bucket = bucket(origin.host(), origin.port());
    @Nullable Entry<T> made = null;
    while (true) {
      Entry<T> head = buckets.get(bucket);
      Entry<T> found = find(head, origin.host(), origin.port());
      if (found != null) {
        return found.value;
      }
      if (size.get() >= limit) {
        return others.value;
      }
      T value = made == null ? factory.apply(origin) : made.value;
      made = new Entry<>(origin, origin.host(), origin.port(), value, head);
      if (buckets.compareAndSet(bucket, head, made)) {
        size.incrementAndGet();
        return value;
      }
    }
  }

  private static <T> @Nullable Entry<T> find(@Nullable Entry<T> head, String host, int port) {
    for (Entry<T> entry = head; entry != null; entry = entry.next) {
      if (entry.port == port && entry.host.equals(host)) {
        return entry;
      }
    }
    return null;
  }

  private static int bucket(String host, int port) {
    int mixed = (host.hashCode() + port) * 0x9e3779b9;
    return mixed >>> 22; // the top 10 bits: BUCKETS of them
  }

  private static final class Entry<T> {
    final Origin origin;
    final String host;
    final int port;
    final T value;
    final @Nullable Entry<T> next;

    Entry(Origin origin, String host, int port, T value, @Nullable Entry<T> next) {
      this.origin = origin;
      this.host = host;
      this.port = port;
      this.value = value;
      this.next = next;
    }
  }
}
