package dev.freshwire.it.twin;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The evidence on writes: which arrived, and which were applied, by the id of the request ({@code
 * X-Request-Id}) and by the id of the inserted row ({@code table/ref}, or {@code table/id} where
 * the row has no {@code ref}). An arrival is recorded before the write is applied, so that a write
 * which fails, hangs or is cut off still shows. Thread-safe.
 */
public final class WriteLedger {

  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger applied = new AtomicInteger();
  private final Map<String, AtomicInteger> arrivedByRequest = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> appliedByRequest = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> arrivedByRow = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> insertedByRow = new ConcurrentHashMap<>();

  /** Writes that arrived. */
  public int arrived() {
    return arrived.get();
  }

  /** Writes that were committed. */
  public int applied() {
    return applied.get();
  }

  /** How often the write with this request id arrived. */
  public int arrivedByRequest(String requestId) {
    return count(arrivedByRequest, requestId);
  }

  /** How often the write with this request id was committed. */
  public int appliedByRequest(String requestId) {
    return count(appliedByRequest, requestId);
  }

  /** How often an insert of this row ({@code table/ref}) arrived. */
  public int arrivedByRow(String row) {
    return count(arrivedByRow, row);
  }

  /** How often this row ({@code table/ref}) was inserted. */
  public int insertedByRow(String row) {
    return count(insertedByRow, row);
  }

  /** The request ids whose write was committed more than once. */
  public Set<String> requestsAppliedTwice() {
    return moreThanOnce(appliedByRequest);
  }

  /** The rows that were inserted more than once. */
  public Set<String> rowsInsertedTwice() {
    return moreThanOnce(insertedByRow);
  }

  void arrived(@Nullable String requestId, Collection<String> rows) {
    arrived.incrementAndGet();
    if (requestId != null) {
      increment(arrivedByRequest, requestId);
    }
    rows.forEach(row -> increment(arrivedByRow, row));
  }

  void applied(@Nullable String requestId, Collection<String> rows) {
    applied.incrementAndGet();
    if (requestId != null) {
      increment(appliedByRequest, requestId);
    }
    rows.forEach(row -> increment(insertedByRow, row));
  }

  private static void increment(Map<String, AtomicInteger> counts, String key) {
    counts.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
  }

  private static int count(Map<String, AtomicInteger> counts, String key) {
    AtomicInteger count = counts.get(key);
    return count == null ? 0 : count.get();
  }

  private static Set<String> moreThanOnce(Map<String, AtomicInteger> counts) {
    Set<String> keys = new TreeSet<>();
    counts.forEach(
        (key, count) -> {
          if (count.get() > 1) {
            keys.add(key);
          }
        });
    return keys;
  }
}
