package dev.freshwire.it.driver;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What a request does between its beginning and its connection, by its headers. */
public final class Meeting {
  /** It waits for another one that is as far. */
  public static final String MEETS = "X-Meets";

  /** It has the same client get this URL first, with the same context. */
  public static final String ASKS = "X-Asks";

  private final CountDownLatch both = new CountDownLatch(2);

  /** The client itself is not made for two that begin with one context at the same moment. */
  private final Semaphore entrance = new Semaphore(1);

  /** A call begins; one that meets another waits until that has come to where they meet. */
  public void enter(Call call) throws InterruptedException {
    if (call.headers().containsKey(MEETS) && !entrance.tryAcquire(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the other one did not come so far");
    }
  }

  /** Waits for the other one; later attempts go on. */
  public void join() {
    entrance.release();
    both.countDown();
    try {
      if (!both.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody else came");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
