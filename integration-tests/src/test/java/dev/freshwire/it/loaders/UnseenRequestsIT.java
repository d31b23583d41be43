package dev.freshwire.it.loaders;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Identity;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.loaders.Workshop.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where a request could leave unnoticed no write arrives twice all the same. Apache's core
 * libraries in a class loader of their own, as OSGi has each bundle: what is rewritten in one
 * loader is not known in the other. And an application that writes the requests itself.
 */
@ExtendWith(CompatibilityRows.class)
class UnseenRequestsIT {
  private static final TestedJvm JVM = TestedJvm.all().get(0);

  private static final String OWN = "own executor";

  /** The paths of the core libraries, those of the others, the URL; then the requests' ids. */
  private static final String LAUNCHER =
      """
      import java.io.File;
      import java.net.*;
      import java.util.*;
      public final class Launcher {
        public static void main(String[] args) throws Exception {
          ClassLoader core = loader(args[0], ClassLoader.getPlatformClassLoader());
          ClassLoader client = loader(args[1], core);
          Thread.currentThread().setContextClassLoader(client);
          List<String> requests = Arrays.asList(args).subList(3, args.length);
          client.loadClass("app.Main").getMethod("calls", String.class, List.class)
              .invoke(null, args[2], requests);
          System.exit(0);
        }
        private static ClassLoader loader(String paths, ClassLoader parent) throws Exception {
          List<URL> urls = new ArrayList<>();
          for (String path : paths.split(File.pathSeparator)) {
            urls.add(new File(path).toURI().toURL());
          }
          return new URLClassLoader(urls.toArray(new URL[0]), parent);
        }
      }
      """;

  private static final String MAIN =
      """
      package app;
      IMPORTS
      public final class Main {
        public static void calls(String url, java.util.List<String> ids) throws Exception {
          CLIENT
          for (String id : ids) {
            try {
              System.out.println(id + " " + call(client, url, id));
            } catch (Exception e) {
              System.out.println(id + " failed");
            }
          }
        }
        CALL
      }
      """;

  private static final String CLASSIC_4 =
      main(
          """
          import org.apache.http.client.methods.*;
          import org.apache.http.impl.client.*;
          """,
          "CloseableHttpClient client = HttpClients.createDefault();",
          """
          static int call(CloseableHttpClient client, String url, String id) throws Exception {
            // One without a body the client itself would repeat.
            RequestBuilder builder = RequestBuilder.create(id.split("-")[0]).setUri(url);
            if (id.startsWith("POST")) {
              builder.setEntity(new org.apache.http.entity.StringEntity("body"));
            }
            HttpUriRequest request = builder.setHeader("X-Request-Id", id).build();
            try (CloseableHttpResponse response = client.execute(request)) {
              org.apache.http.util.EntityUtils.consume(response.getEntity());
              return response.getStatusLine().getStatusCode();
            }
          }
          """);

  /** With an executor that does all by itself. */
  private static final String OWN_4 =
      CLASSIC_4.replace(
          "HttpClients.createDefault();",
          """
          HttpClients.custom().setRequestExecutor(
              new org.apache.http.protocol.HttpRequestExecutor() {
                @Override
                public org.apache.http.HttpResponse execute(org.apache.http.HttpRequest request,
                    org.apache.http.HttpClientConnection connection,
                    org.apache.http.protocol.HttpContext context)
                    throws java.io.IOException, org.apache.http.HttpException {
                  doSendRequest(request, connection, context);
                  return doReceiveResponse(request, connection, context);
                }
              }).build();
          """);

  private static final String ASYNC_4 =
      main(
          """
          import org.apache.http.client.methods.*;
          import org.apache.http.impl.nio.client.*;
          """,
          "CloseableHttpAsyncClient client = HttpAsyncClients.createDefault(); client.start();",
          """
          static int call(CloseableHttpAsyncClient client, String url, String id) throws Exception {
            HttpUriRequest request = RequestBuilder.create(id.split("-")[0]).setUri(url)
                .setHeader("X-Request-Id", id).build();
            return client.execute(request, null).get().getStatusLine().getStatusCode();
          }
          """);

  private static final String CLASSIC_5 =
      main(
          """
          import org.apache.hc.client5.http.classic.methods.*;
          import org.apache.hc.client5.http.impl.classic.*;
          """,
          "CloseableHttpClient client = HttpClients.createDefault();",
          """
          static int call(CloseableHttpClient client, String url, String id) throws Exception {
            HttpUriRequestBase request =
                new HttpUriRequestBase(id.split("-")[0], java.net.URI.create(url));
            request.setHeader("X-Request-Id", id);
            return client.execute(request, response -> response.getCode());
          }
          """);

  private static final String ASYNC_5 =
      main(
          """
          import org.apache.hc.client5.http.async.methods.*;
          import org.apache.hc.client5.http.impl.async.*;
          """,
          "CloseableHttpAsyncClient client = HttpAsyncClients.createDefault(); client.start();",
          """
          static int call(CloseableHttpAsyncClient client, String url, String id) throws Exception {
            SimpleHttpRequest request =
                SimpleRequestBuilder.create(id.split("-")[0]).setUri(url).build();
            request.setHeader("X-Request-Id", id);
            return client.execute(request, null).get().getCode();
          }
          """);

  private static String main(String imports, String client, String call) {
    return MAIN.replace("IMPORTS", imports).replace("CLIENT", client).replace("CALL", call);
  }

  @TempDir private Path directory;

  static Stream<Arguments> clients() {
    return Stream.of(
            Arguments.of("classic", new ClientVersion("apache4", "4.5.14"), CLASSIC_4),
            Arguments.of(OWN, new ClientVersion("apache4", "4.5.14"), OWN_4),
            Arguments.of("asynchronous", new ClientVersion("apacheasync4", "4.1.5"), ASYNC_4),
            Arguments.of("classic", new ClientVersion("apache5", "5.6.5"), CLASSIC_5),
            Arguments.of("asynchronous", new ClientVersion("apache5", "5.6.5"), ASYNC_5))
        .flatMap(
            client ->
                Stream.of(Protocol.H1, Protocol.TLS_H1)
                    .map(
                        protocol ->
                            Arguments.of(
                                client.get()[0], client.get()[1], protocol, client.get()[2])));
  }

  @ParameterizedTest(name = "{1}, {0}, {2}")
  @MethodSource("clients")
  void noWriteArrivesTwice(String style, ClientVersion version, Protocol protocol, String main)
      throws Exception {
    Script once = Script.inTurn(Faults.reset(), answer());
    Script script =
        exchange -> exchange.id().endsWith("answered") ? answer() : once.faultFor(exchange);
    try (FaultServer server = FaultServer.start(protocol, script)) {
      Ended ended = run(style, version, main, server, "POST-answered", "POST-reset", "GET-reset");
      assertThat(ended.out())
          .as(ended.err())
          .isEqualTo("POST-answered 200\nPOST-reset failed\nGET-reset 200\n");
      assertThat(server.ledger().arrivals("POST-reset")).as(ended.err()).isEqualTo(1);
      assertThat(server.ledger().arrivals("GET-reset")).as(ended.err()).isEqualTo(2);
      assertThat(ended.err().lines().filter(line -> line.contains("enforced")))
          .as(ended.err())
          .containsExactly(told(style, version));
      assertThat(Files.readString(directory.resolve("report.json")))
          .as(ended.err())
          .containsPattern("\"errors\": ?0");
    }
  }

  /** What the log says of the client, once. */
  private static String told(String style, ClientVersion version) {
    if (style.equals(OWN)) {
      return "INFO freshwire - " + version + ": enforced";
    }
    return switch (version.name()) {
      case "apache4" ->
          "WARN freshwire - "
              + version
              + ": not enforced, left as it is: httpcore has another class loader";
      case "apacheasync4" -> enforcedBut(version, "httpcore-nio");
      default -> enforcedBut(version, "httpcore5");
    };
  }

  private static String enforcedBut(ClientVersion version, String library) {
    String unprocessed = version.name().equals("apache5") ? "unprocessed, " : "";
    return "INFO freshwire - %s: enforced, without [%swhat is in %s: it has another class loader]"
        .formatted(version, unprocessed, library);
  }

  private Ended run(
      String style, ClientVersion version, String main, FaultServer server, String... requests)
      throws Exception {
    Workshop workshop = new Workshop(directory);
    List<Path> jars = version.jars().stream().map(Path::toAbsolutePath).toList();
    Path classes =
        workshop.compile("app", Map.of("app/Main.java", main), "-cp", Workshop.path(jars));
    Path launcher = workshop.compile("launcher", Map.of("Launcher.java", LAUNCHER));
    Path trustStore = directory.resolve("trust.jks");
    Identity.ofThisJvm().writeTrustStore(trustStore);
    List<Path> core = new ArrayList<>();
    List<Path> client = new ArrayList<>(List.of(classes));
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      // What logs is asked for by both.
      boolean shared = name.startsWith("httpcore") || name.startsWith("slf4j");
      (shared && !style.equals(OWN) ? core : client).add(jar);
    }
    assertThat(core.isEmpty()).isEqualTo(style.equals(OWN));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-javaagent:"
                    + PackagedAgent.jar()
                    + "=hosts=localhost,retry.backoff=1ms..2ms,report="
                    + directory.resolve("report.json"),
                "-Djavax.net.ssl.trustStore=" + trustStore,
                "-Djavax.net.ssl.trustStorePassword=" + Identity.TRUST_STORE_PASSWORD,
                "-cp",
                launcher.toString(),
                "Launcher",
                core.isEmpty() ? launcher.toString() : Workshop.path(core),
                Workshop.path(client),
                server.url("localhost", "/")));
    arguments.addAll(List.of(requests));
    Ended ended = workshop.run(JVM.java().toString(), arguments);
    assertThat(ended.status()).as(ended.err()).isZero();
    return ended;
  }
}
