package dev.freshwire.it.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.loaders.Workshop;
import dev.freshwire.it.loaders.Workshop.Ended;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Applications put parts of their own into Apache HttpClient 4, mocks in their tests: these are
 * asked what they are asked without the agent, and may answer with nothing.
 */
class ApplicationsOwnPartsIT {
  private static final TestedJvm JVM = TestedJvm.all().get(0);

  private static final String MAIN =
      """
      package app;
      import java.lang.reflect.Proxy;
      import java.net.*;
      import java.util.*;
      import java.util.concurrent.TimeUnit;
      import org.apache.http.*;
      import org.apache.http.client.methods.*;
      import org.apache.http.client.protocol.HttpClientContext;
      import org.apache.http.config.*;
      import org.apache.http.conn.*;
      import org.apache.http.conn.HttpConnectionFactory;
      import org.apache.http.conn.routing.HttpRoute;
      import org.apache.http.conn.socket.ConnectionSocketFactory;
      import org.apache.http.impl.conn.BasicHttpClientConnectionManager;
      import org.apache.http.impl.execchain.*;
      import org.apache.http.protocol.*;
      public final class Main {
        private static final HttpRoute ROUTE = new HttpRoute(new HttpHost("localhost", 8081));
        private static int calls;

        public static void main(String[] args) throws Exception {
          connection();
          protocol(null);
          protocol(own(CloseableHttpResponse.class, new ArrayList<String>()));
        }

        /** What it is asked by its name; open once more than it says so. */
        private static <T> T own(Class<T> type, List<String> asked) {
          return type.cast(Proxy.newProxyInstance(Main.class.getClassLoader(), new Class<?>[] {type},
              (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                  return method.invoke(type, arguments);
                }
                asked.add(method.getName());
                Class<?> returned = method.getReturnType();
                return returned == boolean.class
                    ? (Object) (Collections.frequency(asked, method.getName()) == 1)
                    : returned == int.class ? (Object) 0 : null;
              }));
        }

        private static void connection() throws Exception {
          List<String> asked = new ArrayList<>();
          ConnectionSocketFactory sockets = new ConnectionSocketFactory() {
            public Socket createSocket(HttpContext context) { return new Socket(); }
            public Socket connectSocket(int timeout, Socket socket, HttpHost host,
                InetSocketAddress remote, InetSocketAddress local, HttpContext context) {
              return socket;
            }
          };
          BasicHttpClientConnectionManager manager = new BasicHttpClientConnectionManager(
              RegistryBuilder.<ConnectionSocketFactory>create().register("http", sockets).build(),
              new HttpConnectionFactory<HttpRoute, ManagedHttpClientConnection>() {
                public ManagedHttpClientConnection create(HttpRoute route, ConnectionConfig config) {
                  return own(ManagedHttpClientConnection.class, asked);
                }
              });
          HttpClientConnection leased = manager.requestConnection(ROUTE, null).get(1, TimeUnit.SECONDS);
          manager.connect(leased, ROUTE, 1000, HttpClientContext.create());
          manager.releaseConnection(leased, null, 0, TimeUnit.SECONDS);
          System.out.println(asked);
          System.out.println("the same again: "
              + (manager.requestConnection(ROUTE, null).get(1, TimeUnit.SECONDS) == leased));
          try {
            manager.releaseConnection(null, null, 0, TimeUnit.SECONDS);
          } catch (RuntimeException e) {
            System.out.println(e);
          }
        }

        private static void protocol(CloseableHttpResponse response) throws Exception {
          calls = 0;
          ClientExecChain chain = new ClientExecChain() {
            public CloseableHttpResponse execute(HttpRoute route, HttpRequestWrapper request,
                HttpClientContext context, HttpExecutionAware execution) {
              calls++;
              return response;
            }
          };
          CloseableHttpResponse answer = new ProtocolExec(chain, HttpProcessorBuilder.create().build())
              .execute(ROUTE, HttpRequestWrapper.wrap(new HttpPost("http://localhost:8081/")),
                  HttpClientContext.create(), null);
          System.out.println(calls + " call, the same answer: " + (answer == response));
        }
      }
      """;

  @TempDir private Path directory;

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "4.3.6, mode=observe",
    "4.3.6, exclude-hosts=*",
    "4.3.6, mode=enforce",
    "4.5.14, mode=observe",
    "4.5.14, exclude-hosts=*",
    "4.5.14, mode=enforce",
  })
  void are_asked_the_same_and_may_answer_with_nothing(String version, String options)
      throws Exception {
    Workshop workshop = new Workshop(directory);
    String libraries =
        Workshop.path(
            new ClientVersion("apache4", version)
                .jars().stream().map(Path::toAbsolutePath).toList());
    Path classes = workshop.compile("parts", Map.of("app/Main.java", MAIN), "-cp", libraries);
    String path = classes + File.pathSeparator + libraries;
    Ended stock = run(workshop, path, null);
    assertThat(stock.out())
        .as(stock.err())
        .contains("isOpen", "1 call, the same answer: true\n1 call, the same answer: true");

    Ended ended = run(workshop, path, options);
    assertThat(ended.err())
        .contains("apache4 " + version + ": enforced")
        .doesNotContain("WARN freshwire");
    // Its figures are what a connection in scope is known by.
    String figures = options.startsWith("mode=") ? ", getMetrics" : "";
    assertThat(figures.isEmpty() ? ended.out() : ended.out().replace(figures, ""))
        .isEqualTo(stock.out());
    assertThat(ended.out().contains("getMetrics")).isEqualTo(!figures.isEmpty());
  }

  private static Ended run(Workshop workshop, String path, @Nullable String options)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-cp", path, "app.Main"));
    if (options != null) {
      arguments.add(0, "-javaagent:" + PackagedAgent.jar() + "=" + options);
    }
    return workshop.run(JVM.java().toString(), arguments);
  }
}
