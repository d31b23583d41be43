package dev.freshwire.it.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.twin.Protocol;
import dev.freshwire.it.twin.SupabaseTwin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the session of a user is kept, and what becomes of it. */
@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SupabaseSessionIT {
  private static final int REFRESHES = 100;

  @Parameter(0)
  private @Nullable SupabaseVersion version;

  @Parameter(1)
  private @Nullable TestedJvm jvm;

  @TempDir private Path directory;

  private @Nullable SupabaseTwin running;

  static Stream<Arguments> runtimes() {
    return SupabaseVersion.tested().stream()
        .flatMap(version -> TestedJvm.all().stream().map(jvm -> Arguments.of(version, jvm)));
  }

  @BeforeAll
  void startTwin() {
    running =
        SupabaseTwin.builder()
            .protocols(Protocol.H1)
            .accessTokenLifetime(Duration.ofSeconds(3))
            .start();
  }

  @AfterAll
  void stopTwin() {
    twin().close();
  }

  @Test
  void withoutTheAgentBothTokensAreWrittenInClearText() {
    Path home = directory.resolve("without");
    JsonNode session;
    try (ForkedApplication application = start(home, null)) {
      session = signIn(open(application, "localhost"));
    }
    assertThat(ForkedApplication.preferences(home))
        .contains(session.path("access").asText())
        .contains(session.path("refresh").asText());
  }

  @Test
  void theSessionLivesInMemoryAndIsRefreshedByItself() {
    Path home = directory.resolve("with");
    ForkedApplication application = start(home, "hosts=localhost");
    try (application) {
      ForkedApplication.Project project = open(application, "localhost");
      JsonNode first = signIn(project);
      assertThat(project.perform("user").asText()).isEqualTo(SupabaseTwin.USER_EMAIL);

      JsonNode second = project.perform("awaitRefresh", "token", first.path("access").asText());
      assertThat(second.path("refresh").asText()).isNotEqualTo(first.path("refresh").asText());
      assertThat(project.perform("session")).isEqualTo(second);

      assertThat(project.perform("signOut").isNull()).isTrue();
      assertThat(project.perform("pkce").path("access").asText()).isNotEmpty();
      signIn(open(application, "localhost"));
    }
    assertThat(home.resolve(".java/.userPrefs/prefs.xml")).doesNotExist();
    assertThat(application.stderr().lines().filter(line -> line.contains("in memory")))
        .as("said once: %s", application.stderr())
        .hasSize(1);
    assertThat(application.report().errors()).as("%s", application.stderr()).isZero();
    assertThat(keptInMemory(application.report())).isEqualTo(2);
  }

  @Test
  void aSessionManagerThatTheApplicationChoseIsKept() {
    Path home = directory.resolve("chosen");
    JsonNode chosen;
    JsonNode other;
    ForkedApplication application = start(home, "hosts=localhost");
    try (application) {
      chosen = signIn(open(application, "localhost", "session", "preferences"));
      other = signIn(open(application, "localhost"));
    }
    assertThat(ForkedApplication.preferences(home))
        .contains(chosen.path("refresh").asText())
        .doesNotContain(other.path("refresh").asText());
  }

  @Test
  void aProjectOutOfScopeKeepsItsStorage() {
    Path home = directory.resolve("scope");
    JsonNode inScope;
    JsonNode outOfScope;
    try (ForkedApplication application = start(home, "hosts=localhost")) {
      inScope = signIn(open(application, "localhost"));
      outOfScope = signIn(open(application, "127.0.0.1"));
    }
    assertThat(ForkedApplication.preferences(home))
        .contains(outOfScope.path("access").asText())
        .contains(outOfScope.path("refresh").asText())
        .doesNotContain(inScope.path("access").asText())
        .doesNotContain(inScope.path("refresh").asText());
  }

  @Test
  void anEntryOfAnEarlierRunIsNeitherReadNorDeleted() {
    Path home = directory.resolve("earlier");
    try (ForkedApplication application = start(home, null)) {
      signIn(open(application, "localhost"));
    }
    String left = ForkedApplication.preferences(home);
    assertThat(left).isNotEmpty();

    try (ForkedApplication application = start(home, "hosts=localhost")) {
      ForkedApplication.Project project = open(application, "localhost");
      assertThat(project.perform("initialised").isNull()).as("read").isTrue();
      signIn(project);
      project.perform("signOut");
    }
    assertThat(ForkedApplication.preferences(home)).isEqualTo(left);

    try (ForkedApplication application = start(home, "hosts=localhost,session.persist=true")) {
      JsonNode found = open(application, "localhost").perform("initialised");
      assertThat(found.isNull()).as("with session.persist=true it is read").isFalse();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Engine.class)
  void aSessionSurvivesAHundredRefreshesUnderRandomFaults(Engine engine) throws IOException {
    if (!SupabaseVersion.all() && engine != Engine.OKHTTP) {
      abort("one engine in the ordinary run");
    }
    if (!version().engines().contains(engine)) {
      abort("the application is built without it");
    }
    ForkedApplication application =
        start(
            directory.resolve("refreshes-" + engine),
            "hosts=localhost,retry.backoff=1ms..5ms,retry.budget=100%+1000/s");
    int revocations = twin().revocations();
    try (application;
        LossyGateway gateway = new LossyGateway(twin().port(Protocol.H1), 7)) {
      ForkedApplication.Project project =
          application.open("http://localhost:" + gateway.port(), engine);
      JsonNode first = signInPatiently(project);
      JsonNode outcomes = project.perform("refreshMany", "count", "" + REFRESHES);

      assertThat(outcomes).as("%s", outcomes).allMatch(JsonNode::isNull).hasSize(REFRESHES);
      assertThat(gateway.answersLost()).as("answers lost").isPositive();
      assertThat(project.perform("session").path("refresh").asText())
          .isNotEqualTo(first.path("refresh").asText());
      assertThat(twin().revocations()).as("revocations").isEqualTo(revocations);
    }
    assertThat(application.report().errors()).as("%s", application.stderr()).isZero();
  }

  @Test
  void withoutTheAgentRefreshesFailUnderRandomFaults() throws IOException {
    try (ForkedApplication application = start(directory.resolve("failing"), null);
        LossyGateway gateway = new LossyGateway(twin().port(Protocol.H1), 7)) {
      // CIO alone dials for every refresh without the agent, too.
      ForkedApplication.Project project =
          application.open("http://localhost:" + gateway.port(), Engine.CIO);
      signInPatiently(project);
      JsonNode outcomes = project.perform("refreshMany", "count", "20");
      assertThat(outcomes).as("%s", outcomes).anyMatch(outcome -> !outcome.isNull());
    }
  }

  private ForkedApplication start(Path home, @Nullable String agentOptions) {
    return ForkedApplication.start(Objects.requireNonNull(jvm), version(), home, agentOptions);
  }

  private ForkedApplication.Project open(
      ForkedApplication application, String host, String... more) {
    return application.open("http://" + host + ":" + twin().port(Protocol.H1), Engine.OKHTTP, more);
  }

  private static JsonNode signIn(ForkedApplication.Project project) {
    JsonNode session =
        project.perform(
            "signIn", "email", SupabaseTwin.USER_EMAIL, "password", SupabaseTwin.USER_PASSWORD);
    assertThat(session.path("access").asText()).isNotEmpty();
    assertThat(session.path("refresh").asText()).isNotEmpty();
    return session;
  }

  /** A sign-in that was sent is not tried again by the agent: that is for the application. */
  private static JsonNode signInPatiently(ForkedApplication.Project project) {
    try {
      return signIn(project);
    } catch (ForkedApplication.ApplicationFailure e) {
      // Two connections in succession are not harmed.
      return signIn(project);
    }
  }

  @SuppressWarnings("unchecked")
  private static long keptInMemory(AgentReport report) {
    Map<String, Map<String, Long>> origins =
        (Map<String, Map<String, Long>>) Objects.requireNonNull(report.json().get("origins"));
    return origins.values().stream()
        .mapToLong(counters -> Objects.requireNonNull(counters.get("SESSIONS_KEPT_IN_MEMORY")))
        .sum();
  }

  private SupabaseVersion version() {
    return Objects.requireNonNull(version);
  }

  private SupabaseTwin twin() {
    return Objects.requireNonNull(running);
  }
}
