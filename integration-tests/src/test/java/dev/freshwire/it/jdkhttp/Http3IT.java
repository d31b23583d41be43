package dev.freshwire.it.jdkhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.jdkhttp.JdkHttp3UnderTest;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import io.netty.handler.codec.quic.Quic;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * HTTP/3, which came with Java 26: its connections are left to the client, its requests are not.
 */
class Http3IT {
  private static final ClientVersion JDK =
      new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM);
  private static final String OPTIONS = "hosts=localhost,read-timeout=1s";

  @ParameterizedTest(name = "requests share a connection, as without the agent: {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void share(TestedJvm jvm) throws Exception {
    ForkedClient fork = start(jvm, OPTIONS);
    try (Http3Server server = new Http3Server((stream, number) -> Http3Server.answer(stream, 200));
        ForkedClient.Session session = fork.open(Map.of())) {
      for (int i = 0; i < 3; i++) {
        CallResult result = session.call(call("GET", server, "r" + i));
        assertThat(result.status()).as("%s", result).isEqualTo(200);
        assertThat(server.arrivals("r" + i)).isEqualTo(1);
      }
      assertThat(server.connections()).isEqualTo(1);
    } finally {
      fork.close();
    }
    assertThat(fork.report().orElseThrow().errors()).as(fork.stderr()).isZero();
  }

  /** On Java 27 the client gets no other connection to such a server, and would wait for it. */
  @ParameterizedTest(name = "a GET whose connection ended fails at once: {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void connectionEnded(TestedJvm jvm) throws Exception {
    try (Http3Server server = endingFirst();
        ForkedClient fork = start(jvm, OPTIONS);
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = session.call(call("GET", server, "r"));
      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(result.toString()).doesNotContain("Timeout");
      assertThat(server.arrivals("r")).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "and without the agent: {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void connectionEndedWithoutTheAgent(TestedJvm jvm) throws Exception {
    try (Http3Server server = endingFirst();
        ForkedClient fork = start(jvm, null);
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = session.call(call("GET", server, "r"));
      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(server.arrivals("r")).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "a GET answered with 503 is tried again on its connection: {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void rejected(TestedJvm jvm) throws Exception {
    try (Http3Server server =
            new Http3Server(
                (stream, number) -> Http3Server.answer(stream, number == 1 ? 503 : 200));
        ForkedClient fork = start(jvm, OPTIONS);
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = session.call(call("GET", server, "r"));
      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertThat(server.arrivals("r")).isEqualTo(2);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "a sent POST arrives once: {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void postOnce(TestedJvm jvm) throws Exception {
    try (Http3Server server = endingFirst();
        ForkedClient fork = start(jvm, OPTIONS);
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = session.call(call("POST", server, "r").body(Call.Body.BYTES, 4));
      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(server.arrivals("r")).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "a response that does not come is not waited for longer: {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void readTimeout(TestedJvm jvm) throws Exception {
    try (Http3Server server = new Http3Server((stream, number) -> {});
        ForkedClient fork = start(jvm, OPTIONS);
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = session.call(call("GET", server, "r"));
      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(server.arrivals("r")).isEqualTo(1);
    }
  }

  @BeforeAll
  static void skipWithoutQuic() {
    assumeTrue(Quic.isAvailable(), "the native library of QUIC is there for Linux on x86-64 only");
  }

  private static Http3Server endingFirst() throws InterruptedException {
    return new Http3Server(
        (stream, number) -> {
          if (number == 1) {
            Http3Server.endConnection(stream);
          } else {
            Http3Server.answer(stream, 200);
          }
        });
  }

  private static CallSpec call(String method, Http3Server server, String id) {
    return CallSpec.of(method, server.url(), id);
  }

  private static ForkedClient start(TestedJvm jvm, @Nullable String options) {
    assumeTrue(jvm.feature() >= 26, "HTTP/3 came with Java 26");
    return ForkedClient.start(jvm, JDK, JdkHttp3UnderTest.class.getName(), options);
  }
}
