package dev.freshwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.policy.IdempotencyKey;
import dev.freshwire.policy.Mode;
import dev.freshwire.policy.PathGlob;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.ReuseMode;
import dev.freshwire.policy.Settings;
import dev.freshwire.policy.UnsafeReplay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  @TempDir Path folder;

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  "})
  void no_argument_and_an_empty_one_mean_the_defaults(String arguments) {
    Configuration configuration = Configuration.load(arguments, new Properties(), Map.of());
    assertThat(configuration.policy()).isSameAs(Policy.defaults());
    assertThat(configuration.effective()).isEqualTo("all options at their defaults");
    assertThat(configuration.value(Option.MODE)).isEqualTo("enforce");
    assertThat(configuration.source(Option.MODE)).isEqualTo("default");
    assertThat(configuration.file()).isNull();
  }

  @Test
  void every_option_reaches_the_settings() {
    Settings settings =
        everywhere(
            "mode=observe,reuse=validated,reuse.max-idle=1ms,reuse.max-age=2s,"
                + "reuse.max-requests=3,prewarm=0,prewarm.max-idle=5m,port-guard=6%,"
                + "session.persist=true,connect-timeout=7ms,read-timeout=8h,call-timeout=9s,"
                + "retry.max-attempts=10,retry.backoff=11ms..12s,retry.deadline=13s,"
                + "retry.methods=GET,PUT,retry.statuses=429,503,retry.safe-paths=/a,/b/*,"
                + "retry.budget=14%+15/s,retry.unsafe-replay=keep,retry.idempotency-key=trust");
    assertThat(settings)
        .returns(Mode.OBSERVE, Settings::mode)
        .returns(ReuseMode.VALIDATED, Settings::reuse)
        .returns(1, Settings::maxIdleMillis)
        .returns(2_000, Settings::maxAgeMillis)
        .returns(3, Settings::maxRequests)
        .returns(0, Settings::prewarm)
        .returns(300_000, Settings::prewarmMaxIdleMillis)
        .returns(6, Settings::portGuardPercent)
        .returns(true, Settings::sessionPersist)
        .returns(7, Settings::connectTimeoutMillis)
        .returns(28_800_000, Settings::readTimeoutMillis)
        .returns(9_000, Settings::callTimeoutMillis)
        .returns(10, Settings::maxAttempts)
        .returns(11, Settings::backoffMinMillis)
        .returns(12_000, Settings::backoffMaxMillis)
        .returns(13_000, Settings::deadlineMillis)
        .returns(List.of("GET", "PUT"), Settings::methods)
        .returns(List.of(429, 503), Settings::statuses)
        .returns(14, Settings::budgetPercent)
        .returns(15, Settings::budgetPerSecond)
        .returns(UnsafeReplay.KEEP, Settings::unsafeReplay)
        .returns(IdempotencyKey.TRUST, Settings::idempotencyKey);
    assertThat(settings.safePaths()).extracting(PathGlob::toString).containsExactly("/a", "/b/*");
    assertThat(everywhere("prewarm=2")).returns(2, Settings::prewarm);
  }

  @ParameterizedTest(name = "{0} is shown as {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "connect-timeout=off | connect-timeout=off",
        "connect-timeout=0 | connect-timeout=off",
        "connect-timeout=90s | connect-timeout=90s",
        "connect-timeout=120s | connect-timeout=2m",
        "connect-timeout=3600s | connect-timeout=1h",
        "connect-timeout=1500ms | connect-timeout=1500ms",
        "connect-timeout=24h | connect-timeout=24h",
        "reuse.max-age=off | reuse.max-age=off",
        "retry.deadline=off | retry.deadline=off",
        "port-guard=off | port-guard=off",
        "port-guard=100% | port-guard=100%",
        "retry.budget=off | retry.budget=off",
        "retry.budget=0%+0/s | retry.budget=0%+0/s",
        "retry.methods= | retry.methods=",
        "retry.statuses= | retry.statuses=",
        "retry.statuses=400,599 | retry.statuses=400,599",
        "retry.methods=M-SEARCH | retry.methods=M-SEARCH",
        "retry.backoff=5ms..5ms | retry.backoff=5ms..5ms",
        "session.persist=false | session.persist=false",
        "mode=enforce | mode=enforce",
      })
  void settings_are_shown_as_they_could_be_written(String arguments, String line) {
    assertThat(load(arguments).effectiveFor("any", 443)).contains(line + "\n");
  }

  // ---- precedence ------------------------------------------------------------------------------

  @Test
  void arguments_beat_properties_beat_environment_beats_file_beats_default() throws Exception {
    Path file =
        file(
            """
            connect-timeout=1s
            read-timeout=1s
            call-timeout=1s
            retry.deadline=1s
            retry.max-attempts=9
            """);
    Properties properties = new Properties();
    properties.setProperty("freshwire.connect-timeout", "3s");
    properties.setProperty("freshwire.read-timeout", "3s");
    properties.setProperty("java.version", "irrelevant");
    Map<String, String> environment =
        Map.of(
            "FRESHWIRE_CONNECT_TIMEOUT", "2s",
            "FRESHWIRE_READ_TIMEOUT", "2s",
            "FRESHWIRE_CALL_TIMEOUT", "2s",
            "PATH", "irrelevant");
    Configuration configuration =
        Configuration.load("connect-timeout=4s,config=" + file, properties, environment);
    assertThat(configuration.policy().everywhere())
        .returns(4_000, Settings::connectTimeoutMillis)
        .returns(3_000, Settings::readTimeoutMillis)
        .returns(2_000, Settings::callTimeoutMillis)
        .returns(1_000, Settings::deadlineMillis)
        .returns(9, Settings::maxAttempts)
        .returns(90, Settings::maxRequests);
    assertThat(configuration.source(Option.CONNECT_TIMEOUT)).isEqualTo("agent arguments");
    assertThat(configuration.source(Option.READ_TIMEOUT)).isEqualTo("system property");
    assertThat(configuration.source(Option.CALL_TIMEOUT)).isEqualTo("environment");
    assertThat(configuration.source(Option.RETRY_DEADLINE)).isEqualTo("file " + file + ", line 4");
    assertThat(configuration.source(Option.REUSE)).isEqualTo("default");
    assertThat(configuration.value(Option.READ_TIMEOUT)).isEqualTo("3s");
    assertThat(configuration.file()).isEqualTo(file.toString());
    assertThat(configuration.effective())
        .startsWith("connect-timeout=4s (agent arguments), config=")
        .contains(", read-timeout=3s (system property), ")
        .contains(", call-timeout=2s (environment), ")
        .endsWith(", retry.max-attempts=9 (file " + file + ", line 5)")
        .doesNotContain("\n");
    assertThat(configuration.effective().split("connect-timeout", -1)).hasSize(2);
  }

  @Test
  void the_file_can_be_named_by_any_other_source() throws Exception {
    Path file = file("mode=observe");
    Properties properties = new Properties();
    properties.setProperty("freshwire.config", file.toString());
    assertThat(Configuration.load(null, properties, Map.of()).policy().mode())
        .isEqualTo(Mode.OBSERVE);
    Map<String, String> environment = Map.of("FRESHWIRE_CONFIG", file.toString());
    assertThat(Configuration.load(null, new Properties(), environment).policy().mode())
        .isEqualTo(Mode.OBSERVE);
  }

  // ---- arguments -------------------------------------------------------------------------------

  @Test
  void an_item_without_an_equals_sign_continues_the_list_before_it() {
    Policy policy = load("hosts=a.com, *.b.com:8443 ,mode=observe").policy();
    assertThat(policy.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(policy.settingsFor("a.com", 1)).isNotNull();
    assertThat(policy.settingsFor("x.b.com", 8443)).isNotNull();
    assertThat(policy.settingsFor("x.b.com", 443)).isNull();
  }

  @Test
  void quotes_keep_commas_together_and_disappear() {
    assertThat(load("report=\"/tmp/a,b=c.json\",mode=off").value(Option.REPORT))
        .isEqualTo("/tmp/a,b=c.json");
    assertThat(load("hosts=\"a.com,b.com\",\"c.com\"").value(Option.HOSTS))
        .isEqualTo("a.com,b.com,c.com");
    assertThat(load("report=a\"b\"c").value(Option.REPORT)).isEqualTo("a\"b\"c");
  }

  @Test
  void a_value_may_hold_equals_signs() {
    assertThat(load("report=/tmp/a=b").value(Option.REPORT)).isEqualTo("/tmp/a=b");
  }

  @Test
  void lists_of_one_host_continue_as_well() {
    Configuration configuration = load("host.\"a.com\".retry.methods=GET,POST,mode=observe");
    assertThat(settings(configuration, "a.com", 443))
        .returns(List.of("GET", "POST"), Settings::methods);
  }

  // ---- scope -----------------------------------------------------------------------------------

  @Test
  void hosts_and_exclusions_come_from_their_strongest_source_as_a_whole() throws Exception {
    Path file = file("hosts=a.com\nexclude-hosts=x.b.com");
    Configuration configuration = load("hosts=*.b.com,config=" + file);
    assertThat(configuration.effectiveFor("a.com", 443)).isEqualTo("out of scope");
    assertThat(configuration.effectiveFor("x.b.com", 443)).isEqualTo("out of scope");
    assertThat(configuration.effectiveFor("y.b.com", 443)).startsWith("mode=enforce\nreuse=never");
  }

  // ---- per host --------------------------------------------------------------------------------

  @Test
  void a_value_for_some_hosts_beats_one_for_all_wherever_either_is_given() throws Exception {
    Path file = file("host.\"*.supabase.co\".connect-timeout=5s");
    Configuration configuration = load("connect-timeout=2s,config=" + file);
    assertThat(settings(configuration, "a.supabase.co", 443))
        .returns(5_000, Settings::connectTimeoutMillis);
    assertThat(settings(configuration, "example.com", 443))
        .returns(2_000, Settings::connectTimeoutMillis);
  }

  @Test
  void the_more_specific_pattern_wins_option_by_option() throws Exception {
    Path file =
        file(
            """
            host."a.supabase.co".read-timeout=1s
            host."*.supabase.co".read-timeout=2s
            host."*.supabase.co".connect-timeout=2s
            host."*".connect-timeout=3s
            host."*".retry.max-attempts=7
            host."*.supabase.co:8443".retry.max-attempts=8
            host."[::1]".retry.max-attempts=9
            """);
    Configuration configuration = load("config=" + file);
    assertThat(settings(configuration, "a.supabase.co", 443))
        .returns(1_000, Settings::readTimeoutMillis)
        .returns(2_000, Settings::connectTimeoutMillis)
        .returns(7, Settings::maxAttempts);
    assertThat(settings(configuration, "a.supabase.co", 8443))
        .returns(1_000, Settings::readTimeoutMillis)
        .returns(2_000, Settings::connectTimeoutMillis)
        .returns(8, Settings::maxAttempts);
    assertThat(settings(configuration, "b.supabase.co", 8443))
        .returns(2_000, Settings::readTimeoutMillis)
        .returns(8, Settings::maxAttempts);
    assertThat(settings(configuration, "supabase.co", 8443))
        .returns(150_000, Settings::readTimeoutMillis)
        .returns(3_000, Settings::connectTimeoutMillis)
        .returns(7, Settings::maxAttempts);
    assertThat(settings(configuration, "::1", 80))
        .returns(3_000, Settings::connectTimeoutMillis)
        .returns(9, Settings::maxAttempts);
  }

  @Test
  void for_one_pattern_the_stronger_source_wins() throws Exception {
    Path file = file("host.\"a.com\".connect-timeout=5s\nhost.\"a.com\".read-timeout=5s");
    Properties properties = new Properties();
    properties.setProperty("freshwire.config", file.toString());
    properties.setProperty("freshwire.host.\"A.com\".connect-timeout", "4s");
    Configuration configuration = Configuration.load(null, properties, Map.of());
    assertThat(settings(configuration, "a.com", 443))
        .returns(4_000, Settings::connectTimeoutMillis)
        .returns(5_000, Settings::readTimeoutMillis);
    assertThat(configuration.effective())
        .contains("host.\"a.com\".connect-timeout=4s (system property)")
        .doesNotContain("connect-timeout=5s");
  }

  @Test
  void an_origin_can_differ_in_its_mode() throws Exception {
    Path file = file("host.\"a.com\".mode=observe\nhost.\"b.com\".mode=off");
    Configuration configuration = load("config=" + file);
    assertThat(settings(configuration, "a.com", 443)).returns(Mode.OBSERVE, Settings::mode);
    assertThat(configuration.policy().settingsFor("b.com", 443)).isNull();
    assertThat(configuration.policy().mode()).isEqualTo(Mode.ENFORCE);
  }

  @Test
  void ten_thousand_hosts_may_differ_and_the_line_for_the_log_stays_short() throws Exception {
    StringBuilder text = new StringBuilder("hosts=a.com");
    for (int i = 0; i < 10_000; i++) {
      text.append(",h").append(i).append(".com");
    }
    text.append('\n');
    for (int i = 0; i < 10_000; i++) {
      text.append("host.\"h" + i + ".com:" + (i + 1) + "\".connect-timeout=" + (i + 1) + "ms\n");
    }
    Configuration configuration = load("config=" + file(text.toString()));
    assertThat(settings(configuration, "h4711.com", 4712))
        .returns(4712, Settings::connectTimeoutMillis);
    assertThat(settings(configuration, "h4711.com", 1))
        .returns(10_000, Settings::connectTimeoutMillis);
    assertThat(configuration.effective())
        .hasSizeLessThan(6_000)
        .contains("... (")
        .endsWith(" and 9980 more for some hosts");
  }

  // ---- reload ----------------------------------------------------------------------------------

  @Test
  void a_reload_reads_the_file_anew_and_nothing_else() throws Exception {
    Path file = file("mode=observe\nconnect-timeout=1s");
    Properties properties = new Properties();
    properties.setProperty("freshwire.read-timeout", "3s");
    Configuration before =
        Configuration.load("connect-timeout=2s,config=" + file, properties, Map.of());
    properties.setProperty("freshwire.read-timeout", "4s");
    Files.writeString(file, "mode=off\ncall-timeout=1s");
    Configuration after = before.reload();
    assertThat(after.policy().everywhere())
        .returns(Mode.OFF, Settings::mode)
        .returns(2_000, Settings::connectTimeoutMillis)
        .returns(3_000, Settings::readTimeoutMillis)
        .returns(1_000, Settings::callTimeoutMillis);
    assertThat(before.policy().mode()).isEqualTo(Mode.OBSERVE);
    assertThat(load("mode=observe").reload().policy().mode()).isEqualTo(Mode.OBSERVE);
  }

  // ---- the file --------------------------------------------------------------------------------

  @Test
  void the_file_has_comments_continuations_and_lists() throws Exception {
    Path file =
        file(
            """
            \ufeff# comment = 1
            ! comment

               mode = observe\t\r
            retry.methods = GET, \\
                            PUT, \\\r
                            DELETE
            # a comment does not go on \\
            connect-timeout=5s
            host."[::1]:8443".connect-timeout=6s
            hosts=bücher.example,[::1]
            read-timeout=7s \\""");
    Configuration configuration = load("config=" + file);
    assertThat(configuration.policy().everywhere())
        .returns(Mode.OBSERVE, Settings::mode)
        .returns(List.of("GET", "PUT", "DELETE"), Settings::methods)
        .returns(5_000, Settings::connectTimeoutMillis)
        .returns(7_000, Settings::readTimeoutMillis);
    assertThat(settings(configuration, "::1", 8443)).returns(6_000, Settings::connectTimeoutMillis);
    assertThat(settings(configuration, "xn--bcher-kva.example", 1)).isNotNull();
    assertThat(configuration.source(Option.MODE)).endsWith(", line 4");
    assertThat(configuration.source(Option.RETRY_METHODS)).endsWith(", line 5");
    assertThat(configuration.source(Option.CONNECT_TIMEOUT)).endsWith(", line 9");
    assertThat(configuration.source(Option.READ_TIMEOUT)).endsWith(", line 12");
  }

  @Test
  void an_empty_file_says_nothing() throws Exception {
    assertThat(load("config=" + file("")).policy().everywhere().connectTimeoutMillis())
        .isEqualTo(10_000);
  }

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("freshwire.properties"), text);
  }

  private static Settings everywhere(String arguments) {
    return load(arguments).policy().everywhere();
  }

  private static Settings settings(Configuration configuration, String host, int port) {
    return Objects.requireNonNull(configuration.policy().settingsFor(host, port));
  }

  static Configuration load(String arguments) {
    return Configuration.load(arguments, new Properties(), Map.of());
  }

  @Test
  void aServiceOfKubernetesIsNoOption() {
    Map<String, String> environment =
        Map.of(
            "FRESHWIRE_SERVICE_HOST", "10.0.0.1",
            "FRESHWIRE_SERVICE_PORT", "80",
            "FRESHWIRE_SERVICE_PORT_HTTP", "80",
            "FRESHWIRE_PORT", "tcp://10.0.0.1:80",
            "FRESHWIRE_PORT_80_TCP_ADDR", "10.0.0.1",
            "FRESHWIRE_DEMO_SERVICE_HOST", "10.0.0.2",
            "FRESHWIRE_DEMO_SERVICE_PORT_METRICS", "81",
            "FRESHWIRE_DEMO_PORT", "tcp://10.0.0.2:81",
            "FRESHWIRE_DEMO_PORT_81_TCP_PROTO", "tcp",
            "FRESHWIRE_MODE", "observe");
    Configuration configuration = Configuration.load(null, new Properties(), environment);
    assertThat(configuration.value(Option.MODE)).isEqualTo("observe");
  }
}
