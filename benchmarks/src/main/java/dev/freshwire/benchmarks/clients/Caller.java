package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes one and the same request, again and again, from any thread. */
public interface Caller {

  /** The length of the answer's body, which was read to its end. */
  long call() throws IOException;

  /**
   * Where the request goes and what it carries.
   *
   * @param posted length of the body to post, or less than 0 for a GET
   */
  record Errand(String url, int posted) {
    /** Zeros, or null for a GET. */
    public byte @Nullable [] body() {
      return posted < 0 ? null : new byte[posted];
    }
  }

  /** Makes callers with one library. */
  interface Factory {
    /**
     * A caller of that server.
     *
     * @param freshByHand whether to have each call open a connection by the library's own means
     */
    Caller open(Errand errand, ServerProcess server, boolean freshByHand) throws IOException;
  }

  /** Anything but a success is a failure. */
  static long checked(int status, long length) throws IOException {
    if (status != 200) {
      throw new IOException("Answered " + status);
    }
    return length;
  }
}
