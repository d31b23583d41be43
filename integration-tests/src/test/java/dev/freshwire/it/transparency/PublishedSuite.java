package dev.freshwire.it.transparency;

import dev.freshwire.it.harness.TestedJvm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tests that others publish as a jar, of clients that are rewritten. Where such a jar has tests
 * that are to be told which client they are about, they are told here.
 *
 * @param folder of {@code integration-tests/suites}
 * @param feature the oldest Java that they run on
 * @param jvmOptions what they need of the JVM
 * @param jars whose tests are run, by what their names begin with
 * @param classes which classes of these, as a pattern
 * @param sources more tests, by the name of their file
 * @param clients that the agent finds in them, as it names them
 * @param least so many of them pass
 * @param racing those that now pass and now fail, as they race with the clock
 */
record PublishedSuite(
    String name,
    String folder,
    int feature,
    List<String> jvmOptions,
    List<String> jars,
    String classes,
    Map<String, String> sources,
    List<String> clients,
    int least,
    List<String> racing) {

  static List<PublishedSuite> all() {
    return List.of(
        new PublishedSuite(
            "Apache HttpClient 4.5.14's own",
            "apache4",
            17,
            // Its Mockito is of 2014.
            Stream.of("java.lang", "java.net", "java.io", "java.util", "javax.net.ssl")
                .map(opened -> "--add-opens=java.base/" + opened + "=ALL-UNNAMED")
                .toList(),
            List.of("httpclient-4.5.14-tests"),
            ".*\\.Test[^.]*",
            Map.of(),
            List.of("apache4 4.5.14"),
            900,
            // Fails when the request is done before it is cancelled: without the agent 10 times of
            // 4500, with mode=off 5, with mode=observe 13.
            List.of("org.apache.http.impl.client.TestFutureRequestExecutionService.shouldCancel")),
        new PublishedSuite(
            "Apache HttpClient 5.6.4's own",
            "apache5",
            17,
            List.of(),
            List.of("httpclient5-5.6.4-tests"),
            ".*Test[^.]*",
            Map.of(),
            List.of("apache5 5.6.4"),
            900,
            List.of()),
        new PublishedSuite(
            "Feign 13.6 on five clients",
            "feign",
            21,
            List.of(),
            List.of("feign-core-13.6-tests"),
            // Those that make requests.
            "feign\\.(FeignTest|FeignBuilderTest|LoggerTest|AsyncFeignTest|FeignUnderAsyncTest|TargetTest"
                + "|OptionsTest|client\\.DefaultClientTest)|suite\\..*",
            feign(
                Map.of(
                    "OkHttp", "feign.okhttp.OkHttpClient",
                    "Apache4", "feign.httpclient.ApacheHttpClient",
                    "Apache5", "feign.hc5.ApacheHttp5Client",
                    "Jdk", "feign.http2client.Http2Client")),
            List.of("HttpURLConnection", "okhttp", "apache4", "apache5", "java.net.http"),
            200,
            List.of()));
  }

  /** The JVM that runs the build, if it is new enough; otherwise another that is. */
  Optional<TestedJvm> jvm() {
    return Stream.concat(TestedJvm.all().stream(), TestedJvm.installed().stream())
        .filter(jvm -> jvm.feature() >= feature)
        .findFirst();
  }

  private static Map<String, String> feign(Map<String, String> clients) {
    return clients.entrySet().stream()
        .collect(
            Collectors.toMap(
                client -> "suite/" + client.getKey() + "Test.java",
                client ->
                    """
                    package suite;
                    public class %sTest extends feign.client.AbstractClientTest {
                      public feign.Feign.Builder newBuilder() {
                        return feign.Feign.builder().client(new %s());
                      }
                    }
                    """
                        .formatted(client.getKey(), client.getValue())));
  }

  @Override
  public String toString() {
    return name;
  }
}
