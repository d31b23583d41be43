package dev.freshwire.enforcement;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the system tells about its local ports: how many there are for outgoing connections, and how
 * many of them are taken towards each destination, those in TIME_WAIT included. On Linux; elsewhere
 * nothing is told.
 */
final class LocalPorts implements PrivilegedAction<Integer> {
  /** Where nothing is told: the range that IANA sets aside, 49152 to 65535. */
  private static final int USUAL = 16_384;

  /** Many lines, of some 150 bytes each. */
  private static final int BUFFER = 32_768;

  private final String root;

  /**
   * Reads what is there.
   *
   * @param root where {@code /proc} is
   */
  LocalPorts(String root) {
    this.root = root;
  }

  /** How many ports there are for outgoing connections to one destination. */
  int count() {
    return AccessController.doPrivileged(this);
  }

  /** With the agent's rights, whoever's request it is; no class of its own, for a start. */
  @Override
  public Integer run() {
    int[] range = range();
    return range == null ? USUAL : range[1] - range[0] + 1;
  }

  private int @Nullable [] range() {
    try (BufferedReader in = open("/sys/net/ipv4/ip_local_port_range")) {
      String line = in.readLine();
      int blank = line == null ? -1 : line.indexOf('\t');
      if (line == null || blank < 0) {
        return null;
      }
      return new int[] {
        Integer.parseInt(line.substring(0, blank).trim()),
        Integer.parseInt(line.substring(blank + 1).trim())
      };
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }

  /**
   * How many ports are taken towards the busiest address of each remote port; null when the system
   * does not tell.
   */
  @Nullable Map<Integer, Integer> takenByRemotePort() {
    return AccessController.doPrivileged(
        (PrivilegedAction<@Nullable Map<Integer, Integer>>) this::taken);
  }

  private @Nullable Map<Integer, Integer> taken() {
    int[] range = range();
    if (range == null) {
      return null;
    }
    Map<Long, int[]> destinations = new HashMap<>();
    boolean told = count("/net/tcp", range, destinations);
    // Without IPv6 there is no second table.
    told |= count("/net/tcp6", range, destinations);
    if (!told) {
      return null;
    }
    Map<Integer, Integer> taken = new HashMap<>();
    for (Map.Entry<Long, int[]> destination : destinations.entrySet()) {
      int port = (int) (destination.getKey() & 0xffff);
      Integer other = taken.get(port);
      taken.put(port, Math.max(destination.getValue()[0], other == null ? 0 : other));
    }
    return taken;
  }

  /**
   * Adds what one table has; its lines are {@code number: local remote state ...}, in hex. The
   * bytes are read as they come: as strings, the table of a whole range would be 10 MB of garbage.
   */
  private boolean count(String file, int[] range, Map<Long, int[]> destinations) {
    try (InputStream in = new FileInputStream(root + file)) {
      byte[] buffer = new byte[BUFFER];
      int kept = 0;
      boolean columns = true; // the first line says what they are
      for (int n = in.read(buffer); n > 0; n = in.read(buffer, kept, BUFFER - kept)) {
        int length = kept + n;
        int start = 0;
        for (int end = kept; end < length; end++) {
          if (buffer[end] == '\n') {
            if (!columns) {
              count(buffer, start, end, range, destinations);
            }
            columns = false;
            start = end + 1;
          }
        }
        kept = length - start;
        System.arraycopy(buffer, start, buffer, 0, kept);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static void count(
      byte[] line, int start, int end, int[] range, Map<Long, int[]> destinations) {
    int local = after(line, ' ', after(line, ':', start, end), end);
    int remote = after(line, ' ', local, end);
    int afterRemote = after(line, ' ', remote, end) - 1;
    long port = hex(line, remote - 5, remote - 1);
    if (port < range[0] || port > range[1]) {
      return;
    }
    // A socket for IPv6 may be connected to an IPv4 address: the same destination.
    int address = Math.max(remote, afterRemote - "0100007F:0050".length());
    Long destination =
        (hex(line, address, afterRemote - 5) << 16) | hex(line, afterRemote - 4, afterRemote);
    int[] count = destinations.get(destination);
    if (count == null) {
      count = new int[1];
      destinations.put(destination, count);
    }
    count[0]++;
  }

  /** Where the text after the next such character begins. */
  private static int after(byte[] line, char c, int from, int end) {
    for (int i = from; i < end; i++) {
      if (line[i] == c) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("a line without its columns");
  }

  private static long hex(byte[] line, int from, int end) {
    long value = 0;
    for (int i = from; i < end; i++) {
      int digit = Character.digit(line[i], 16);
      if (digit < 0) {
        throw new NumberFormatException("not hexadecimal");
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  private BufferedReader open(String file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(new FileInputStream(root + file), StandardCharsets.US_ASCII));
  }
}
