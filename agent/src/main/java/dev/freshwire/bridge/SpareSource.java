package dev.freshwire.bridge;

/**
 * How a client makes spare connections of one kind to one origin, each for one request. Sources
 * that are equal make what can stand for each other. Lives in the boot loader; each client has its
 * own.
 */
public abstract class SpareSource {
  /**
   * Makes a connection that is ready for a request, on a thread of the agent, and takes no longer
   * than connecting may.
   *
   * @throws Exception when the server refuses, which is for the application's requests to report
   */
  public abstract Object make() throws Exception;

  /** Whether as far as can be seen it is as it was made. Must not wait for the other end. */
  public abstract boolean isAlive(Object spare);

  public abstract void close(Object spare);

  /** Whether what they are for is closed, so that nobody can want one any more. */
  public boolean isOver() {
    return false;
  }

  @Override
  public abstract boolean equals(Object other);

  @Override
  public abstract int hashCode();
}
