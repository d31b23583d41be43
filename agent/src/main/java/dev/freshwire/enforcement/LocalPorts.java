package dev.freshwire.enforcement;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the system tells about its local ports: how many there are for outgoing connections, and how
 * many of them are taken towards each destination, those in TIME_WAIT included. On Linux; elsewhere
 * nothing is told.
 */
final class LocalPorts {
  /** Where nothing is told: the range that IANA sets aside, 49152 to 65535. */
  private static final int USUAL = 16_384;

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
    int[] range = range();
    if (range == null) {
      return null;
    }
    Map<String, Integer> destinations = new HashMap<>();
    boolean told = count("/net/tcp", range, destinations);
    // Without IPv6 there is no second table.
    told |= count("/net/tcp6", range, destinations);
    if (!told) {
      return null;
    }
    Map<Integer, Integer> taken = new HashMap<>();
    for (Map.Entry<String, Integer> destination : destinations.entrySet()) {
      String address = destination.getKey();
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
      Integer other = taken.get(port);
      taken.put(port, Math.max(destination.getValue(), other == null ? 0 : other));
    }
    return taken;
  }

  /** Adds what one table has; its lines are {@code number: local remote state ...}, in hex. */
  private boolean count(String file, int[] range, Map<String, Integer> destinations) {
    try (BufferedReader in = open(file)) {
      in.readLine(); // what the columns are
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int local = line.indexOf(": ") + 2;
        int remote = line.indexOf(' ', local) + 1;
        int end = line.indexOf(' ', remote);
        int port = Integer.parseInt(line.substring(remote - 5, remote - 1), 16);
        if (local > 1 && remote > 0 && end > 0 && port >= range[0] && port <= range[1]) {
          // A socket for IPv6 may be connected to an IPv4 address: the same destination.
          String address = line.substring(Math.max(remote, end - "0100007F:0050".length()), end);
          Integer before = destinations.get(address);
          destinations.put(address, before == null ? 1 : before + 1);
        }
      }
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private BufferedReader open(String file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(new FileInputStream(root + file), StandardCharsets.US_ASCII));
  }
}
