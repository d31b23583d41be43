package dev.freshwire.weaving;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hears what became of the clients that were found. Called from whichever thread loads classes. */
public interface WeavingListener {
  /**
   * Hooks are about to be written.
   *
   * @return the first of {@code count} numbers that they are to count their hits under
   */
  int numberHooks(int count);

  /**
   * The hooks of the client have their place in this loader; its classes are being rewritten.
   *
   * @param hooks the numbers that the hooks count under, by purpose
   * @param without purposes that this version has no place for, and no need
   */
  void enforced(
      String client,
      String version,
      @Nullable ClassLoader loader,
      Map<String, Integer> hooks,
      Collection<String> without);

  /** This version of the client is left as it is. */
  void unsupported(String client, String version, @Nullable ClassLoader loader, String reason);

  /** A class was rewritten. */
  void rewritten(String client, @Nullable ClassLoader loader, String className);

  /** Something of ours failed; the class is loaded as it was. */
  void failed(String client, String className, Throwable failure);

  /**
   * A class of a client that is enforced lacks its hooks: what they would have said, nobody says.
   */
  void incomplete();

  /**
   * Hooks are being put into classes that are in use, or are all in their places again: what is
   * between is not to be relied on.
   */
  void settling(boolean settling);

  /**
   * The application is making a JMX server, on this thread. No client, but the gate sees it first.
   */
  void managementStarting();
}
