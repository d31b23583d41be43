package dev.freshwire.config;

import org.jspecify.annotations.Nullable;

/**
 * Looks at the configured file now and then, and reads it anew when it has changed. One daemon
 * thread, started only if a file is configured.
 *
 * <p>Looking works on a file system without notifications (a mounted config map, NFS) as well. A
 * file that is just being written is taken when two looks in a row have found it the same; while it
 * is empty, as editors leave it for a moment that write in place, it is not taken at all. Replacing
 * it by a rename needs no such care. After an error, which is told once, the last good
 * configuration stays.
 */
public final class ConfigWatch {
  private final String file;
  private final Listener listener;
  private final Thread thread;
  private final int intervalMillis;
  private Configuration current;
  private long seen;
  private long looked;

  private ConfigWatch(Configuration initial, String file, Listener listener) {
    this.current = initial;
    this.file = file;
    this.listener = listener;
    this.intervalMillis = initial.fileIntervalMillis();
    // As of before it was read, so that no change between then and now is missed.
    this.seen = initial.fileStamp();
    this.looked = seen;
    this.thread = new Thread(null, new Loop(this), "freshwire-config-watch");
    this.thread.setDaemon(true);
  }

  /**
   * What becomes of the file. Called by one thread at a time: the watch's, or {@link #reload}'s.
   */
  public interface Listener {
    /**
     * It is valid, and should hold from now on.
     *
     * @return why it does not; null when it does
     */
    @Nullable String reloaded(ConfigWatch by, Configuration configuration);

    /** It is not, for this reason, which is one line: what held so far still does. */
    void rejected(String line);
  }

  /** Starts to watch the file of a configuration; null if it has none. */
  public static @Nullable ConfigWatch start(Configuration configuration, Listener listener) {
    String file = configuration.file();
    if (file == null) {
      return null;
    }
    ConfigWatch watch = new ConfigWatch(configuration, file, listener);
    watch.thread.start();
    return watch;
  }

  /** Reads the file now, changed or not. Answers why it does not hold now, or null. */
  public synchronized @Nullable String reload() {
    long stamp = PolicyFile.stamp(file);
    Configuration next = null;
    String problem = null;
    try {
      PolicyFile.refuseEmpty(file);
      next = current.reload();
    } catch (BadOptionException bad) {
      problem = bad.line();
    }
    if (PolicyFile.stamp(file) != stamp) {
      // What was read may be half of it. The watch looks again.
      return "file " + file + ": was changed while it was read";
    }
    seen = stamp;
    if (next == null) {
      String line = String.valueOf(problem);
      listener.rejected(line);
      return line;
    }
    current = next;
    return listener.reloaded(this, next);
  }

  /** Ends the thread. */
  public void stop() {
    thread.interrupt();
  }

  private void watch() throws InterruptedException {
    while (true) {
      Thread.sleep(intervalMillis);
      look();
    }
  }

  /** Reads the file if it has changed, and has kept still since the look before this one. */
  synchronized void look() {
    long now = PolicyFile.stamp(file);
    if (now != seen && now == looked) {
      reload();
    }
    looked = now;
  }

  /** Not a lambda: see the package. */
  private static final class Loop implements Runnable {
    private final ConfigWatch watch;

    Loop(ConfigWatch watch) {
      this.watch = watch;
    }

    @Override
    public void run() {
      try {
        watch.watch();
      } catch (InterruptedException stopped) {
        // That is how it is stopped.
      }
    }
  }
}
