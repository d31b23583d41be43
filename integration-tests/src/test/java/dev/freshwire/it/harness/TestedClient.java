package dev.freshwire.it.harness;

import dev.freshwire.it.driver.apache4.Apache4UnderTest;
import dev.freshwire.it.driver.apache5.Apache5AsyncUnderTest;
import dev.freshwire.it.driver.apache5.Apache5UnderTest;
import dev.freshwire.it.driver.apacheasync4.ApacheAsync4UnderTest;
import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.driver.okhttp.OkHttpUnderTest;
import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.Protocol;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client library, how it is driven, and what it speaks.
 *
 * @param driver name of the {@link dev.freshwire.it.driver.ClientUnderTest}; of Ktor's there is no
 *     class where these tests are compiled
 */
public record TestedClient(
    ClientVersion version, String name, String driver, Set<Protocol> protocols) {
  private static final Set<Protocol> ALL = EnumSet.allOf(Protocol.class);
  private static final Set<Protocol> HTTP_1 = EnumSet.of(Protocol.H1, Protocol.TLS_H1);

  /** One of each, in its newest version; of OkHttp the oldest as well, whose insides are others. */
  public static List<TestedClient> oneOfEach() {
    return List.of(
        of("okhttp", "5.5.1", OkHttpUnderTest.class, ALL),
        of("okhttp", "3.12.13", OkHttpUnderTest.class, ALL),
        of("HttpURLConnection", ClientVersion.OF_THE_JVM, HttpUrlConnectionUnderTest.class, HTTP_1),
        of("java.net.http", ClientVersion.OF_THE_JVM, JdkHttpUnderTest.class, ALL),
        of("apache4", "4.5.14", Apache4UnderTest.class, HTTP_1),
        of("apacheasync4", "4.1.5", ApacheAsync4UnderTest.class, HTTP_1),
        of("apache5", "5.6.5", Apache5UnderTest.class, HTTP_1),
        new TestedClient(
            new ClientVersion("apache5", "5.6.5"),
            "apache5 5.6.5, asynchronous",
            Apache5AsyncUnderTest.class.getName(),
            ALL),
        new TestedClient(
            new ClientVersion("ktorcio", "3.5.1"),
            "ktorcio 3.5.1",
            "dev.freshwire.it.driver.ktorcio.KtorCioUnderTest",
            HTTP_1));
  }

  private static TestedClient of(
      String library, String version, Class<?> driver, Set<Protocol> protocols) {
    ClientVersion of = new ClientVersion(library, version);
    return new TestedClient(of, of.toString(), driver.getName(), protocols);
  }

  public boolean speaks(Protocol protocol) {
    return protocols.contains(protocol);
  }

  /** A JVM with this client on its class path. */
  public ForkedClient start(TestedJvm jvm, @Nullable String agentOptions, String... jvmOptions) {
    return ForkedClient.start(jvm, version, driver, agentOptions, jvmOptions);
  }

  @Override
  public String toString() {
    return name;
  }
}
