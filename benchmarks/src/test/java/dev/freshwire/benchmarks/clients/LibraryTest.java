package dev.freshwire.benchmarks.clients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.benchmarks.server.ServerProcess;
import dev.freshwire.benchmarks.server.Service;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is compared does what its name says, as the server counts it. */
class LibraryTest {
  private static final int CALLS = 5;

  /** One a protocol: each starts a JVM. */
  private static final Map<String, ServerProcess> servers = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    for (String protocol : List.of("plain", "tls")) {
      servers.put(protocol, ServerProcess.start(Service.of(protocol, "ecdsa", 0)));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    for (ServerProcess server : servers.values()) {
      server.close();
    }
  }

  static Stream<Arguments> everyLibrary() {
    return Arrays.stream(Library.values())
        .flatMap(library -> Stream.of("plain", "tls").map(it -> Arguments.of(library, it)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("everyLibrary")
  void pools_as_it_is_and_opens_a_connection_for_each_call_by_hand(Library library, String protocol)
      throws Exception {
    boolean dialsByItself = library == Library.KTOR_CIO;
    // Of HttpURLConnection the JVM reads once, with its first connection, whether to keep any.
    boolean both = library != Library.URL_CONNECTION;
    for (boolean byHand : both ? List.of(false, true) : List.of(false)) {
      ServerProcess server = requireNonNull(servers.get(protocol));
      Caller get = library.open(new Caller.Errand(server.url() + "/1024", -1), server, byHand);
      Caller post = library.open(new Caller.Errand(server.url() + "/0", 1024), server, byHand);
      server.newCounts();
      for (int i = 0; i < CALLS; i++) {
        assertThat(get.call()).isEqualTo(1024);
        assertThat(post.call()).isZero();
      }
      ServerProcess.Counts counts = server.newCounts();
      assertThat(counts.requests()).isEqualTo(2 * CALLS);
      if (byHand || dialsByItself) {
        assertThat(counts.connections()).isEqualTo(2 * CALLS);
      } else {
        // HttpClient 5's asynchronous API answers before the pool has the connection back.
        assertThat(counts.connections()).isBetween(1L, (long) CALLS);
      }
    }
  }

  /** The version that a library has in its own loader, told by the library itself. */
  @Test
  void okhttp_4_is_not_okhttp_5() throws Exception {
    assertThat(version(Library.OKHTTP4)).startsWith("4.");
    assertThat(version(Library.OKHTTP)).startsWith("5.");
  }

  private static String version(Library library) throws ReflectiveOperationException, IOException {
    Class<?> client = OwnLoader.of(library, OkHttp.class);
    Class<?> okhttp = Class.forName("okhttp3.OkHttp", true, client.getClassLoader());
    return (String) okhttp.getField("VERSION").get(null);
  }
}
