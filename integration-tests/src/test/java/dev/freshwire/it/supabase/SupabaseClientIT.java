package dev.freshwire.it.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshwire.it.demo.IdleGateway;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.twin.Protocol;
import dev.freshwire.it.twin.SupabaseTwin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that the application does, with each engine, counted by the twin. */
@ParameterizedClass(name = "{0}, {1}, on {2}")
@MethodSource("runtimes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SupabaseClientIT {
  private static final int CONCURRENT = 60;

  /** Sixty first connections at once on few cores take their time. */
  private static final String AGENT = "hosts=localhost,connect-timeout=30s";

  private static final Duration IDLE = Duration.ofMillis(100);
  private static final String PAUSE = "170";

  @Parameter(0)
  private @Nullable SupabaseVersion version;

  @Parameter(1)
  private @Nullable Engine engine;

  @Parameter(2)
  private @Nullable TestedJvm jvm;

  @TempDir private Path directory;

  private final Map<Boolean, ForkedApplication> applications = new HashMap<>();

  static Stream<Arguments> runtimes() {
    return SupabaseVersion.tested().stream()
        .flatMap(
            version ->
                (SupabaseVersion.all()
                        ? version.engines()
                        : List.of(Engine.OKHTTP, Engine.JAVA, Engine.CIO))
                    .stream()
                        .flatMap(
                            engine ->
                                TestedJvm.all().stream()
                                    .map(jvm -> Arguments.of(version, engine, jvm))));
  }

  @AfterParameterizedClassInvocation
  void theAgentCountedNoErrorOfItsOwn() {
    applications.values().forEach(ForkedApplication::close);
    ForkedApplication guarded = applications.get(true);
    applications.clear();
    if (guarded != null) {
      assertThat(guarded.report().errors()).as("%s", guarded.stderr()).isZero();
    }
  }

  @ParameterizedTest(name = "with the agent: {0}")
  @ValueSource(booleans = {true, false})
  void rowsCanBeReadAndWritten(boolean guarded) {
    try (SupabaseTwin twin = twin();
        ForkedApplication.Project project = open(guarded, twin.port(Protocol.H1))) {
      assertThat(project.perform("select", "table", "prices").asText()).contains("AAA");
      assertThat(project.perform("insert", "ref", "one").asText()).contains("\"one\"");
      assertThat(project.perform("upsert", "price", "7.5").asText()).contains("7.5");
      assertThat(project.perform("update", "note", "looked at").asText()).contains("looked at");
      assertThat(project.perform("delete", "ref", "one").asText()).contains("\"one\"");
      assertThat(project.perform("rpc").asText()).contains("251");
      assertThat(twin.writes().insertedByRow("decisions/one")).isEqualTo(1);
      assertConnections(guarded, twin, project);
    }
  }

  @ParameterizedTest(name = "with the agent: {0}")
  @ValueSource(booleans = {true, false})
  void aUserCanSignInByPasswordAndByCodeAndSignOut(boolean guarded) {
    try (SupabaseTwin twin = twin();
        ForkedApplication.Project project = open(guarded, twin.port(Protocol.H1))) {
      JsonNode first =
          project.perform(
              "signIn", "email", SupabaseTwin.USER_EMAIL, "password", SupabaseTwin.USER_PASSWORD);
      assertThat(project.perform("user").asText()).isEqualTo(SupabaseTwin.USER_EMAIL);
      assertThat(project.perform("refresh").path("access")).isNotEqualTo(first.path("access"));
      assertThat(project.perform("signOut").isNull()).isTrue();
      assertThat(project.perform("pkce").path("access").asText()).isNotEmpty();
      assertThat(twin.revocations()).isZero();
      assertConnections(guarded, twin, project);
    }
  }

  @ParameterizedTest(name = "with the agent: {0}")
  @ValueSource(booleans = {true, false})
  void filesAndStreamedRepliesCome(boolean guarded) {
    if (!version().hasStorageAndFunctions()) {
      abort("the application has neither Storage nor Functions with " + version());
    }
    try (SupabaseTwin twin = twin();
        ForkedApplication.Project project = open(guarded, twin.port(Protocol.H1))) {
      project.perform("upload", "path", "a.txt", "content", "whole");
      assertThat(project.perform("download", "path", "a.txt").asText()).isEqualTo("whole");
      project.perform("resumable", "path", "b.txt", "content", "in pieces");
      assertThat(project.perform("download", "path", "b.txt").asText()).isEqualTo("in pieces");
      JsonNode lines = project.perform("function");
      assertThat(lines.get(lines.size() - 1).asText()).isEqualTo("data: [DONE]");
      assertConnections(guarded, twin, project);
    }
  }

  @ParameterizedTest(name = "with the agent: {0}")
  @ValueSource(booleans = {true, false})
  void changesAreHeardOf(boolean guarded) {
    if (!engine().hasWebSockets()) {
      abort("Ktor has no WebSockets on " + engine());
    }
    try (SupabaseTwin twin = twin();
        ForkedApplication.Project project = open(guarded, twin.port(Protocol.H1))) {
      assertThat(project.perform("realtime", "ref", "heard").path("ref").asText())
          .isEqualTo("heard");
    }
  }

  @Test
  void concurrentRequestsHaveAConnectionEach() {
    try (SupabaseTwin twin = twin();
        ForkedApplication.Project project = open(true, twin.port(Protocol.H1))) {
      JsonNode outcomes = project.perform("concurrently", "count", "" + CONCURRENT);
      assertThat(outcomes).as("%s", outcomes).hasSize(CONCURRENT).allMatch(JsonNode::isNull);
      assertThat(twin.traffic().requests()).isEqualTo(CONCURRENT);
      assertConnections(true, twin, project);
    }
  }

  @Test
  void theFiveChecksPass() throws IOException {
    try (SupabaseTwin twin = twin();
        IdleGateway gateway = gateway(twin);
        ForkedApplication.Project project = open(true, gateway.port())) {
      List<String> failures = checks(project);
      assertThat(failures).isEmpty();
      assertThat(twin.writes().rowsInsertedTwice()).isEmpty();
      assertThat(gateway.accepted()).hasSize(twin.traffic().requests());
      // Ten of the concurrent ones, an insert, an update, a delete and a function.
      assertThat(twin.writes().arrived()).isEqualTo(14);
      assertThat(twin.writes().applied()).isEqualTo(14);
    }
  }

  @Test
  void withoutTheAgentTheChecksFail() throws IOException {
    if (!SupabaseVersion.all()) {
      abort("takes a minute: what is silently dropped waits for supabase-kt's own ten seconds");
    }
    if (engine() != Engine.OKHTTP) {
      abort("one engine is enough to show it");
    }
    try (SupabaseTwin twin = twin();
        IdleGateway gateway = gateway(twin);
        ForkedApplication.Project project = open(false, gateway.port())) {
      List<String> failures = checks(project);
      assertThat(failures.size() + twin.writes().rowsInsertedTwice().size())
          .as("failed or written twice")
          .isPositive();
    }
  }

  private static List<String> checks(ForkedApplication.Project project) {
    JsonNode checks = project.perform("checks", "pause", PAUSE);
    List<String> failures = new ArrayList<>();
    int[] requests = {0};
    checks
        .properties()
        .forEach(
            check ->
                check
                    .getValue()
                    .forEach(
                        outcome -> {
                          requests[0]++;
                          if (!outcome.isNull()) {
                            failures.add(check.getKey() + ": " + outcome.asText());
                          }
                        }));
    assertThat(requests[0]).isEqualTo(50);
    return failures;
  }

  private static SupabaseTwin twin() {
    return SupabaseTwin.builder().protocols(Protocol.H1).start();
  }

  private static IdleGateway gateway(SupabaseTwin twin) throws IOException {
    return new IdleGateway(twin.port(Protocol.H1), twin.traffic()::answered, IDLE, 1);
  }

  /**
   * With the agent every request has a connection of its own; without it some share one. None stays
   * leased; whether a coroutine stays, the application sees when it closes its project.
   */
  private void assertConnections(
      boolean guarded, SupabaseTwin twin, ForkedApplication.Project project) {
    if (engine() == Engine.APACHE5) {
      assertThat(project.perform("leased").asInt()).as("connections still leased").isZero();
    }
    int requests = twin.traffic().requests();
    int accepted = twin.traffic().connectionsAccepted();
    if (guarded) {
      assertThat(accepted).isEqualTo(requests);
    } else if (engine() != Engine.CIO) {
      assertThat(accepted).isLessThan(requests);
    }
  }

  private ForkedApplication.Project open(boolean guarded, int port) {
    ForkedApplication application =
        applications.computeIfAbsent(
            guarded,
            with ->
                ForkedApplication.start(
                    Objects.requireNonNull(jvm),
                    version(),
                    directory.resolve(engine() + (with ? "-with" : "-without")),
                    with ? AGENT : null));
    return application.open("http://localhost:" + port, engine());
  }

  private SupabaseVersion version() {
    return Objects.requireNonNull(version);
  }

  private Engine engine() {
    return Objects.requireNonNull(engine);
  }
}
