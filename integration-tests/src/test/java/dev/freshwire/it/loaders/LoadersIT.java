package dev.freshwire.it.loaders;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.loaders.Workshop.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Wherever the client's classes come from, three requests use three connections, and the agent
 * counts no error of its own.
 */
@ExtendWith(CompatibilityRows.class)
class LoadersIT {
  private static final TestedJvm JVM = TestedJvm.all().get(0);

  /** Makes three requests with OkHttp, by what all versions have, and prints their statuses. */
  static final String OKHTTP_MAIN =
      """
      package app;
      public final class Main {
        public static void main(String[] args) throws Exception {
          System.out.println(calls(args[0]));
          System.exit(0);
        }
        public static String calls(String url) throws Exception {
          // OkHttp 3 wakes the thread of its pool only for a connection that is kept. It would sleep
          // for as long as one may be, five minutes, and the web application stay as long.
          okhttp3.OkHttpClient client = new okhttp3.OkHttpClient.Builder().connectionPool(
              new okhttp3.ConnectionPool(5, 1, java.util.concurrent.TimeUnit.SECONDS)).build();
          StringBuilder statuses = new StringBuilder();
          for (int i = 0; i < 3; i++) {
            okhttp3.Request request = new okhttp3.Request.Builder().url(url).build();
            okhttp3.Response response = client.newCall(request).execute();
            response.body().bytes();
            statuses.append(response.code()).append(' ');
          }
          client.dispatcher().executorService().shutdown();
          client.connectionPool().evictAll();
          return statuses.toString().trim();
        }
      }
      """;

  /** The same with Apache HttpClient 4. */
  private static final String APACHE_CALLS =
      """
      package app;
      import org.apache.http.client.methods.*;
      import org.apache.http.impl.client.*;
      public final class ApacheCalls {
        public static String calls(String url) throws Exception {
          StringBuilder statuses = new StringBuilder();
          try (CloseableHttpClient client = HttpClients.createDefault()) {
            for (int i = 0; i < 3; i++) {
              try (CloseableHttpResponse response = client.execute(new HttpGet(url))) {
                org.apache.http.util.EntityUtils.consume(response.getEntity());
                statuses.append(response.getStatusLine().getStatusCode()).append(' ');
              }
            }
          }
          return statuses.toString().trim();
        }
      }
      """;

  /** The same with HttpURLConnection, for any JDK. */
  private static final String URL_MAIN =
      """
      package app;
      import java.io.*;
      import java.net.*;
      public final class Main {
        public static void main(String[] args) throws Exception {
          StringBuilder statuses = new StringBuilder();
          for (int i = 0; i < 3; i++) {
            HttpURLConnection connection = (HttpURLConnection) new URL(args[0]).openConnection();
            statuses.append(connection.getResponseCode()).append(' ');
            try (InputStream body = connection.getInputStream()) {
              while (body.read() >= 0) {}
            }
          }
          System.out.println(statuses.toString().trim());
          System.exit(0);
        }
      }
      """;

  /** The same with both of the JDK's clients. */
  private static final String JDK_MAIN =
      """
      package app;
      import java.net.*;
      import java.net.http.*;
      public final class Main {
        public static void main(String[] args) throws Exception {
          HttpClient client = HttpClient.newHttpClient();
          StringBuilder statuses = new StringBuilder();
          for (int i = 0; i < 3; i++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(args[0])).build();
            statuses.append(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
            statuses.append(' ');
            HttpURLConnection connection = (HttpURLConnection) new URL(args[0]).openConnection();
            statuses.append(connection.getResponseCode()).append(' ');
            connection.getInputStream().readAllBytes();
          }
          System.out.println(statuses.toString().trim());
          System.exit(0);
        }
      }
      """;

  static final String THREE = "200 200 200\n";
  private static final String SIX = "200 200 200 200 200 200\n";

  @TempDir private Path directory;
  private FaultServer server = FaultServer.reserve(Protocol.H1, Script.always(answer()));
  private Workshop workshop = new Workshop(Path.of(""));

  @BeforeEach
  void open() {
    server.listen();
    workshop = new Workshop(directory);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  @DisplayName("module path, an application with module-info")
  void modulePath() throws Exception {
    String libraries = Workshop.path(Workshop.okhttp("4.12.0"));
    Path module =
        workshop.compile(
            "module",
            Map.of(
                "module-info.java",
                "module the.app { requires okhttp3; requires kotlin.stdlib; }",
                "app/Main.java",
                OKHTTP_MAIN),
            "-p",
            libraries);
    Ended ended =
        run("-p", libraries + java.io.File.pathSeparator + module, "-m", "the.app/app.Main", url());
    assertThat(ended.out()).as(ended.err()).isEqualTo(THREE);
    assertProtected(ended, 3);
  }

  @Test
  @DisplayName("module path, a runtime linked without java.management and jdk.jfr")
  void jlinkedRuntime() throws Exception {
    assumeTrue(
        Files.isDirectory(JVM.home().resolve("jmods")), "this JDK has no jmods to link from");
    Path classes = workshop.compile("jdk", Map.of("app/Main.java", JDK_MAIN));
    Path image = directory.resolve("image");
    Ended linked =
        workshop.run(
            JVM.home().resolve("bin/jlink").toString(),
            List.of(
                "--add-modules", "java.net.http,java.instrument", "--output", image.toString()));
    assertThat(linked.status()).as("%s", linked).isZero();
    assertThat(workshop.run(image + "/bin/java", List.of("--list-modules")).out())
        .doesNotContain("java.management", "jdk.jfr");
    Ended ended =
        workshop.run(
            image + "/bin/java", List.of(agent(), "-cp", classes.toString(), "app.Main", url()));
    assertThat(ended.out()).as(ended.err()).isEqualTo(SIX);
    assertProtected(ended, 6);
  }

  @Test
  @DisplayName("Spring Boot executable jar")
  void springBootJar() throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    // The loader asks for the folders themselves.
    files.put("BOOT-INF/classes/", new byte[0]);
    files.put("BOOT-INF/lib/", new byte[0]);
    Path loader = Workshop.beside("spring-boot-loader");
    try (var jar = new java.util.jar.JarFile(loader.toFile())) {
      for (var entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        files.put(entry.getName(), jar.getInputStream(entry).readAllBytes());
      }
    }
    files.putAll(Workshop.files(okhttpClasses("5.5.1"), "BOOT-INF/classes/"));
    for (Path library : Workshop.okhttp("5.5.1")) {
      files.put("BOOT-INF/lib/" + library.getFileName(), Files.readAllBytes(library));
    }
    Path jar =
        workshop.jar(
            "boot.jar",
            Map.of(
                "Main-Class", "org.springframework.boot.loader.launch.JarLauncher",
                "Start-Class", "app.Main"),
            files);
    Ended ended = run("-jar", jar.toString(), url());
    assertThat(ended.out()).as(ended.err()).isEqualTo(THREE);
    assertProtected(ended, 3);
  }

  @Test
  @DisplayName("OSGi: a bundle that imports nothing of ours (Felix)")
  void felix() throws Exception {
    Path felix = Workshop.beside("org.apache.felix.framework");
    Map<String, byte[]> files = new TreeMap<>();
    String libraries = Workshop.path(Workshop.okhttp("3.12.13"));
    files.putAll(
        Workshop.files(
            workshop.compile(
                "bundle",
                Map.of(
                    "app/Main.java",
                    OKHTTP_MAIN,
                    "app/Activator.java",
                    """
                    package app;
                    public final class Activator implements org.osgi.framework.BundleActivator {
                      public void start(org.osgi.framework.BundleContext context) throws Exception {
                        System.out.println(Main.calls(System.getProperty("url")));
                      }
                      public void stop(org.osgi.framework.BundleContext context) {}
                    }
                    """),
                "-cp",
                libraries + java.io.File.pathSeparator + felix),
            ""));
    StringBuilder path = new StringBuilder(".");
    for (Path library : Workshop.okhttp("3.12.13")) {
      files.put("lib/" + library.getFileName(), Files.readAllBytes(library));
      path.append(",lib/").append(library.getFileName());
    }
    Path bundle =
        workshop.jar(
            "bundle.jar",
            Map.of(
                "Bundle-ManifestVersion", "2",
                "Bundle-SymbolicName", "the.app",
                "Bundle-Version", "1.0.0",
                "Bundle-Activator", "app.Activator",
                "Bundle-ClassPath", path.toString(),
                "Import-Package",
                    "org.osgi.framework,javax.net,javax.net.ssl,javax.security.auth.x500"),
            files);
    Path launcher =
        workshop.compile(
            "launcher",
            Map.of(
                "Launcher.java",
                """
                import org.osgi.framework.launch.*;
                public final class Launcher {
                  public static void main(String[] args) throws Exception {
                    Framework felix = new org.apache.felix.framework.FrameworkFactory()
                        .newFramework(java.util.Map.of("org.osgi.framework.storage", args[1]));
                    felix.start();
                    felix.getBundleContext().installBundle(args[0]).start();
                    felix.stop();
                    System.exit(0);
                  }
                }
                """),
            "-cp",
            felix.toString());
    Ended ended =
        run(
            "-Durl=" + url(),
            "-cp",
            Workshop.path(List.of(launcher, felix)),
            "Launcher",
            bundle.toUri().toString(),
            directory.resolve("cache").toString());
    assertThat(ended.out()).as(ended.err()).isEqualTo(THREE);
    assertProtected(ended, 3);
  }

  /** What the agent needs is granted to its jar: it works with that, whoever's request it is. */
  @ParameterizedTest(name = "a security manager, HttpURLConnection: {0}")
  @CsvSource({"reuse=never, 3, 3", "reuse=validated, 1, 1", "prewarm=2, 3, 6"})
  void securityManager(String options, int least, int most) throws Exception {
    Ended ended = underSecurityManager(URL_MAIN, options);
    assertThat(ended.out()).as(ended.err()).isEqualTo(THREE);
    assertThat(ended.err())
        .containsPattern("INFO freshwire - HttpURLConnection [0-9._]+: enforced");
    assertQuiet(ended);
    assertThat(server.ledger().accepted()).as(ended.err()).isBetween(least, most);
  }

  /** That module has rights of its own, and looking into its classes is not one of them. */
  @Test
  @DisplayName("a security manager, java.net.http: calls go on, and nothing is tried again")
  void securityManagerOfItsModule() throws Exception {
    Ended ended = underSecurityManager(JDK_MAIN, "reuse=never");
    assertThat(ended.out()).as(ended.err()).isEqualTo(SIX);
    assertThat(ended.status()).isZero();
    assertThat(ended.err())
        .containsPattern("INFO freshwire - HttpURLConnection [0-9._]+: enforced")
        .contains("WARN freshwire - java.net.http attempt failed")
        .doesNotContain("WARN freshwire - HttpURLConnection", "WARN freshwire - connection");
    assertThat(server.ledger().accepted()).as(ended.err()).isEqualTo(6);
  }

  private Ended underSecurityManager(String main, String options) throws Exception {
    assumeTrue(JVM.feature() < 18, "Java 18 and later do not start with one by default");
    Path classes = workshop.compile("jdk", Map.of("app/Main.java", main));
    Path policy = directory.resolve("policy");
    Files.writeString(
        policy,
        """
        grant codeBase "file:%s" {
          permission java.security.AllPermission;
        };
        grant {
          permission java.net.SocketPermission "localhost", "connect,resolve";
          permission java.net.URLPermission "http://localhost:*/-", "GET";
          permission java.lang.RuntimePermission "exitVM";
        };
        """
            .formatted(PackagedAgent.jar()));
    return workshop.run(
        JVM.java().toString(),
        List.of(
            agent() + ',' + options,
            "-Djava.security.manager",
            "-Djava.security.policy==" + policy,
            "-cp",
            classes.toString(),
            "app.Main",
            url()));
  }

  @Test
  @DisplayName("class data sharing: an archive of the application (AppCDS)")
  void sharedClasses() throws Exception {
    Path classes = okhttpClasses("5.5.1");
    Path jar = workshop.jar("app.jar", Map.of(), Workshop.files(classes, ""));
    List<Path> path = new ArrayList<>(Workshop.okhttp("5.5.1"));
    path.add(0, jar);
    Path archive = directory.resolve("app.jsa");
    Ended dumped =
        workshop.run(
            JVM.java().toString(),
            List.of(
                "-XX:ArchiveClassesAtExit=" + archive,
                "-cp",
                Workshop.path(path),
                "app.Main",
                url()));
    assertThat(archive).as("%s", dumped).exists();
    int before = server.ledger().accepted();
    Ended ended =
        run(
            "-Xshare:on",
            "-XX:SharedArchiveFile=" + archive,
            "-cp",
            Workshop.path(path),
            "app.Main",
            url());
    assertThat(ended.out()).as(ended.err()).isEqualTo(THREE);
    assertProtected(ended, before + 3);
  }

  @Test
  @DisplayName("an AOT cache of the application")
  void aotCache() throws Exception {
    TestedJvm jvm =
        TestedJvm.installed().stream().filter(j -> j.feature() >= 25).findFirst().orElse(JVM);
    assumeTrue(jvm.feature() >= 25, "no Java 25 or newer here");
    Path classes = okhttpClasses("5.5.1");
    Path jar = workshop.jar("app.jar", Map.of(), Workshop.files(classes, ""));
    List<Path> path = new ArrayList<>(Workshop.okhttp("5.5.1"));
    path.add(0, jar);
    Path cache = directory.resolve("app.aot");
    Ended trained =
        workshop.run(
            jvm.java().toString(),
            List.of(
                "-XX:AOTCacheOutput=" + cache,
                "--add-modules",
                "java.instrument",
                "-cp",
                Workshop.path(path),
                "app.Main",
                url()));
    assertThat(cache).as("%s", trained).exists();
    int before = server.ledger().accepted();
    Ended ended =
        workshop.run(
            jvm.java().toString(),
            List.of(
                "-XX:AOTCache=" + cache, agent(), "-cp", Workshop.path(path), "app.Main", url()));
    assertThat(ended.out()).as(ended.err()).isEqualTo(THREE);
    assertProtected(ended, before + 3);
  }

  @Test
  @EnabledIfSystemProperty(
      named = "freshwire.test.trust",
      matches = "true",
      disabledReason = "runs with integration-tests/trust: OkHttp's threads live for a minute")
  @DisplayName(
      "Tomcat: two web applications with other versions of OkHttp and Apache HttpClient, undeployed as without the agent")
  void tomcat() throws Exception {
    Path servlet =
        workshop.compile(
            "servlet",
            Map.of(
                "app/Main.java",
                OKHTTP_MAIN,
                "app/ApacheCalls.java",
                APACHE_CALLS,
                "app/Calls.java",
                """
                package app;
                public final class Calls extends jakarta.servlet.http.HttpServlet {
                  protected void doGet(jakarta.servlet.http.HttpServletRequest request,
                      jakarta.servlet.http.HttpServletResponse response)
                      throws java.io.IOException, jakarta.servlet.ServletException {
                    try {
                      String url = request.getParameter("url");
                      response.getWriter().print(Main.calls(url) + ' ' + ApacheCalls.calls(url));
                    } catch (Exception e) {
                      throw new jakarta.servlet.ServletException(e);
                    }
                  }
                }
                """),
            "-cp",
            Workshop.path(
                Stream.of(
                        Workshop.okhttp("3.12.13"),
                        new ClientVersion("apache4", "4.4.1").jars(),
                        List.of(Workshop.beside("tomcat-embed-core")))
                    .flatMap(List::stream)
                    .toList()));
    Map<String, String> versions = Map.of("3.12.13", "4.4.1", "5.5.1", "4.5.14");
    for (String version : versions.keySet()) {
      Path root = directory.resolve("webapp-" + version);
      Path lib = Files.createDirectories(root.resolve("WEB-INF/lib"));
      List<Path> libraries = new ArrayList<>(Workshop.okhttp(version));
      libraries.addAll(new ClientVersion("apache4", versions.get(version)).jars());
      for (Path library : libraries) {
        Files.copy(library, lib.resolve(library.getFileName()));
      }
      for (Map.Entry<String, byte[]> file :
          Workshop.files(servlet, "WEB-INF/classes/").entrySet()) {
        Path to = root.resolve(file.getKey());
        Files.createDirectories(to.getParent());
        Files.write(to, file.getValue());
      }
    }
    List<Path> path =
        List.of(
            workshop.compile(
                "tomcat",
                Map.of("Container.java", CONTAINER),
                "-cp",
                Workshop.beside("tomcat-embed-core").toString()),
            Workshop.beside("tomcat-embed-core"),
            Workshop.beside("tomcat-annotations-api"));
    List<String> arguments =
        List.of(
            "-XX:SoftRefLRUPolicyMSPerMB=0",
            "-cp",
            Workshop.path(path),
            "Container",
            url(),
            directory.resolve("webapp-3.12.13").toString(),
            directory.resolve("webapp-5.5.1").toString());
    Ended stock = workshop.run(JVM.java().toString(), arguments);
    int before = server.ledger().accepted();
    Ended ended = run(arguments.toArray(String[]::new));
    assertThat(ended.out()).as(ended.err()).startsWith(SIX + SIX).isEqualTo(stock.out());
    assertThat(ended.out()).contains("unloaded");
    assertThat(ended.err())
        .contains("okhttp 3.12.13: enforced", "okhttp 5.5.1: enforced")
        .contains("apache4 4.4.1: enforced", "apache4 4.5.14: enforced")
        .doesNotContain("freshwire - okhttp failed", "freshwire - apache4 failed");
    assertThat(server.ledger().accepted()).isEqualTo(before + 12);
  }

  private static final String CONTAINER =
      """
      import java.lang.ref.WeakReference;
      import java.util.*;
      import org.apache.catalina.*;
      import org.apache.catalina.startup.Tomcat;
      public final class Container {
        public static void main(String[] args) throws Exception {
          Tomcat tomcat = new Tomcat();
          tomcat.setBaseDir(new java.io.File("base").getAbsolutePath());
          tomcat.setPort(0);
          tomcat.getConnector().setProperty("address", "127.0.0.1");
          for (int i = 1; i < args.length; i++) {
            Context context = tomcat.addContext("/" + i, args[i]);
            Tomcat.addServlet(context, "calls", "app.Calls");
            context.addServletMappingDecoded("/calls", "calls");
          }
          tomcat.start();
          int port = tomcat.getConnector().getLocalPort();
          List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
          for (int i = 1; i < args.length; i++) {
            try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
              socket.getOutputStream().write(("GET /" + i + "/calls?url=" + args[0]
                  + " HTTP/1.0\\r\\n\\r\\n").getBytes("US-ASCII"));
              String answer = new String(socket.getInputStream().readAllBytes(), "US-ASCII");
              System.out.println(answer.substring(answer.indexOf("\\r\\n\\r\\n") + 4));
            }
          }
          for (org.apache.catalina.Container child : tomcat.getHost().findChildren()) {
            loaders.add(new WeakReference<>(((Context) child).getLoader().getClassLoader()));
            tomcat.getHost().removeChild(child);
            ((Context) child).destroy();
          }
          long until = System.nanoTime() + 180_000_000_000L;
          for (WeakReference<ClassLoader> loader : loaders) {
            while (loader.get() != null && System.nanoTime() < until) {
              System.gc();
              Thread.sleep(500);
            }
            System.out.println(loader.get() == null ? "unloaded" : "still there");
          }
          System.exit(0);
        }
      }
      """;

  private Path okhttpClasses(String version) throws IOException {
    return workshop.compile(
        "classes",
        Map.of("app/Main.java", OKHTTP_MAIN),
        "-cp",
        Workshop.path(Workshop.okhttp(version)));
  }

  private String url() {
    return server.url("localhost", "/");
  }

  private String agent() {
    return "-javaagent:"
        + PackagedAgent.jar()
        + "=hosts=localhost,report="
        + directory.resolve("report.json");
  }

  private Ended run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>();
    all.add(agent());
    all.addAll(List.of(arguments));
    return workshop.run(JVM.java().toString(), all);
  }

  private void assertProtected(Ended ended, int connections) throws IOException {
    assertThat(server.ledger().accepted()).as(ended.err()).isEqualTo(connections);
    assertQuiet(ended);
  }

  private void assertQuiet(Ended ended) throws IOException {
    assertThat(ended.status()).isZero();
    assertThat(ended.err()).contains(": enforced").doesNotContain("ERROR", "WARN freshwire");
    assertThat(Files.readString(directory.resolve("report.json")))
        .containsPattern("\"errors\": ?0");
  }
}
