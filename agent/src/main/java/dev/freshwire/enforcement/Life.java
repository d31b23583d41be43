package dev.freshwire.enforcement;

/** What is known of one connection besides what its client knows. Thread-safe. */
final class Life {
  final long openedNanos;

  /** Whether it was opened for one request and no other. */
  final boolean once;

  private volatile int requests;
  private volatile boolean waiting;
  private volatile long waitingSinceNanos;

  Life(long openedNanos, boolean once) {
    this.openedNanos = openedNanos;
    this.once = once;
  }

  /** How many requests it has carried. */
  int requests() {
    return requests;
  }

  /** It carries one more. */
  synchronized void used() {
    waiting = false;
    requests++;
  }

  /** It carries none any more. */
  void waits(long nowNanos) {
    waitingSinceNanos = nowNanos;
    waiting = true;
  }

  /** Whether it has carried nothing yet, and has not lain idle either. */
  boolean isNew() {
    return requests == 0 && !waiting;
  }

  /** How long it has carried nothing; 0 while it does. */
  long idleNanos(long nowNanos) {
    return waiting ? nowNanos - waitingSinceNanos : 0;
  }
}
