package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Hands every committed change of a row to whoever listens. Thread-safe. */
final class ChangeFeed {

  /**
   * A committed change.
   *
   * @param type {@code INSERT}, {@code UPDATE} or {@code DELETE}
   * @param record the row after it; empty for a delete
   * @param old the key of the row before it; null for an insert
   */
  record Change(String type, Table table, ObjectNode record, @Nullable ObjectNode old) {}

  /** Receives changes on the thread that committed them. */
  interface Listener {
    void changed(Change change);
  }

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  void add(Listener listener) {
    listeners.add(listener);
  }

  void remove(Listener listener) {
    listeners.remove(listener);
  }

  void publish(Change change) {
    listeners.forEach(listener -> listener.changed(change));
  }
}
