package dev.freshwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of bad input, and the one line that it is answered with. */
class BadOptionTest {
  @TempDir Path folder;

  // ---- unknown keys ----------------------------------------------------------------------------

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "conect-timeout=5s | conect-timeout=5s: unknown option; did you mean connect-timeout?",
        "Mode=off | Mode=off: unknown option; did you mean mode?",
        "max-attempts=3 | max-attempts=3: unknown option; did you mean retry.max-attempts?",
        "retry_budget=off | retry_budget=off: unknown option; did you mean retry.budget?",
        "host=a | host=a: unknown option; did you mean hosts?",
        "mode | mode: expected mode=<value>",
        "modes | modes: unknown option; did you mean mode?",
        "=x | =x: unknown option; java -jar freshwire-agent.jar options lists them",
        "zzzzzzzzzzzzz=1 | zzzzzzzzzzzzz=1: unknown option; "
            + "java -jar freshwire-agent.jar options lists them",
        "mode=off,a.com | a.com: unknown option; java -jar freshwire-agent.jar options lists them",
      })
  void an_unknown_key_in_the_arguments(String arguments, String line) {
    assertThat(argumentsLine(arguments)).isEqualTo("agent arguments: " + line);
  }

  @Test
  void the_value_that_was_given_first_is_shown_on_one_line_too() {
    assertThat(argumentsLine("hosts=a\rb,hosts=c"))
        .isEqualTo("agent arguments: hosts=c: given twice, the first time as a?b");
  }

  @Test
  void an_unknown_system_property() {
    assertThat(propertyLine("freshwire.conect-timeout", "5s"))
        .isEqualTo(
            "system property: freshwire.conect-timeout=5s: unknown option; "
                + "did you mean freshwire.connect-timeout?");
    assertThat(propertyLine("freshwire.", "5s")).contains(": unknown option; ");
  }

  @Test
  void an_unknown_environment_variable() {
    assertThat(environmentLine("FRESHWIRE_CONECT_TIMEOUT", "5s"))
        .isEqualTo(
            "environment: FRESHWIRE_CONECT_TIMEOUT=5s: unknown option; "
                + "did you mean FRESHWIRE_CONNECT_TIMEOUT?");
    assertThat(environmentLine("FRESHWIRE_QQQQQQQQQQQQQQQQ", "1"))
        .isEqualTo(
            "environment: FRESHWIRE_QQQQQQQQQQQQQQQQ=1: unknown option; "
                + "java -jar freshwire-agent.jar options lists them");
  }

  @Test
  void an_unknown_key_in_the_file() throws Exception {
    assertThat(fileLine("\n\nreuse.max-idel=4s"))
        .endsWith(
            "freshwire.properties, line 3: reuse.max-idel=4s: unknown option; "
                + "did you mean reuse.max-idle?");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "host.\"*.a\".conect-timeout=5s | host.\"*.a\".conect-timeout=5s: unknown option; "
            + "did you mean host.\"*.a\".connect-timeout?",
        "host.*.a.connect-timeout=5s | host.*.a.connect-timeout: "
            + "expected host.\"<pattern>\".<option>",
        "host.=5s | host.: expected host.\"<pattern>\".<option>",
        "host.\"a\"=5s | host.\"a\": expected host.\"<pattern>\".<option>",
        "host.\"\".mode=off | host.\"\".mode: expected in quotes name, *.suffix, *, [ipv6], "
            + "each optionally with :port",
        "host.\"http://a\".mode=off | host.\"http://a\".mode: expected in quotes name, *.suffix, "
            + "*, [ipv6], each optionally with :port",
        "host.\"a\".log=info | host.\"a\".log=info: this option cannot differ between hosts",
        "host.\"a\".hosts=b | host.\"a\".hosts=b: this option cannot differ between hosts",
        "host.\"a\".mode=x | host.\"a\".mode=x: expected enforce, observe or off",
      })
  void a_wrong_value_for_some_hosts(String arguments, String line) {
    assertThat(argumentsLine(arguments)).isEqualTo("agent arguments: " + line);
  }

  @Test
  void the_suggestion_for_a_host_has_the_prefix_of_its_source() {
    assertThat(propertyLine("freshwire.host.\"a\".modes", "off"))
        .endsWith(
            "freshwire.host.\"a\".modes=off: unknown option; "
                + "did you mean freshwire.host.\"a\".mode?");
  }

  // ---- malformed and out-of-range values -------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode=",
        "mode=OFF",
        "mode=on",
        "reuse=always",
        "reuse.max-idle=off",
        "reuse.max-idle=0",
        "reuse.max-idle=0ms",
        "reuse.max-idle=",
        "reuse.max-age=never",
        "reuse.max-requests=0",
        "reuse.max-requests=1000001",
        "reuse.max-requests=-1",
        "reuse.max-requests=ten",
        "prewarm=-1",
        "prewarm=101",
        "prewarm=",
        "prewarm=1.5",
        "prewarm.max-idle=off",
        "port-guard=80",
        "port-guard=0%",
        "port-guard=101%",
        "port-guard=%",
        "port-guard=",
        "session.persist=yes",
        "session.persist=",
        "connect-timeout=5",
        "connect-timeout=5 s",
        "connect-timeout=5S",
        "connect-timeout=-5s",
        "connect-timeout=1.5s",
        "connect-timeout=25h",
        "connect-timeout=86400001ms",
        "connect-timeout=s",
        "connect-timeout=5d",
        "connect-timeout=99999999999999999999s",
        "connect-timeout=0s",
        "connect-timeout=",
        "connect-timeout=PT5S",
        "connect-timeout=1m30s",
        "read-timeout=never",
        "call-timeout=0ms",
        "retry.max-attempts=0",
        "retry.max-attempts=11",
        "retry.backoff=200ms",
        "retry.backoff=2s..200ms",
        "retry.backoff=..",
        "retry.backoff=0ms..2s",
        "retry.backoff=1s..",
        "retry.backoff=..1s",
        "retry.backoff=1s..25h",
        "retry.backoff=off",
        "retry.backoff=-1s..2s",
        "retry.deadline=soon",
        "retry.budget=20%",
        "retry.budget=10/s",
        "retry.budget=20%+10",
        "retry.budget=20%+/s",
        "retry.budget=%+10/s",
        "retry.budget=20+10/s",
        "retry.budget=1001%+10/s",
        "retry.budget=20%+100001/s",
        "retry.budget=",
        "retry.budget=%+/s",
        "retry.budget=-1%+10/s",
        "retry.budget=20%+-1/s",
        "retry.budget=%+s",
        "retry.unsafe-replay=",
        "retry.unsafe-replay=drop",
        "retry.idempotency-key=yes",
        "retry.methods=GET,,PUT",
        "retry.statuses=503,,",
        "log=",
        "log=all",
        "report=",
        "config=",
        "hosts=",
        "config.interval=49ms",
        "config.interval=2h",
        "config.interval=off",
      })
  void a_value_that_is_none_names_what_was_expected(String argument) {
    String key = argument.substring(0, argument.indexOf('='));
    String expected = Objects.requireNonNull(Option.ofKey(key)).expected();
    assertThat(propertyLine("freshwire." + key, argument.substring(key.length() + 1)))
        .isEqualTo("system property: freshwire." + argument + ": expected " + expected);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "hosts=a.com,http://b | http://b",
        "hosts=a.com:99999 | a.com:99999",
        "exclude-hosts=*a | *a",
        "retry.methods=GET,put | put",
        "retry.methods=G@T | G@T",
        "retry.methods=G[T | G[T",
        "retry.statuses=503,200 | 200",
        "retry.statuses=399 | 399",
        "retry.statuses=600 | 600",
        "retry.statuses=5xx | 5xx",
        "retry.safe-paths=/a,b | b",
        "retry.safe-paths=/a?b | /a?b",
      })
  void a_wrong_item_of_a_list_is_named(String argument, String item) {
    Option option =
        Objects.requireNonNull(Option.ofKey(argument.substring(0, argument.indexOf('='))));
    assertThat(argumentsLine(argument))
        .isEqualTo(
            "agent arguments: "
                + argument
                + ": '"
                + item
                + "' is wrong, expected "
                + option.expected());
  }

  @Test
  void a_wrong_value_is_wrong_even_where_another_one_is_stronger() {
    Map<String, String> environment = Map.of("FRESHWIRE_MODE", "wrong");
    assertThat(line("mode=off", new Properties(), environment))
        .isEqualTo("environment: FRESHWIRE_MODE=wrong: expected enforce, observe or off");
  }

  // ---- contradictions --------------------------------------------------------------------------

  @Test
  void spare_connections_contradict_any_reuse() {
    assertThat(argumentsLine("prewarm=2,reuse=unchanged"))
        .isEqualTo(
            "agent arguments: prewarm=2: contradicts reuse=unchanged (agent arguments); "
                + "spare connections need reuse=never, expected prewarm=0 otherwise");
    assertThat(argumentsLine("reuse=validated,prewarm=1")).contains("contradicts reuse=validated");
    assertThat(line("prewarm=2", new Properties(), Map.of("FRESHWIRE_REUSE", "unchanged")))
        .startsWith(
            "agent arguments: prewarm=2: contradicts FRESHWIRE_REUSE=unchanged (environment)");
  }

  @Test
  void they_contradict_it_for_some_hosts_as_well() {
    assertThat(argumentsLine("prewarm=2,host.\"*.a.com:1\".reuse=unchanged"))
        .isEqualTo(
            "agent arguments: prewarm=2: contradicts host.\"*.a.com:1\".reuse=unchanged "
                + "(agent arguments) for *.a.com:1; "
                + "spare connections need reuse=never, expected prewarm=0 otherwise");
    assertThat(ConfigurationTest.load("prewarm=2,host.\"a\".reuse=unchanged,host.\"a\".prewarm=0"))
        .isNotNull();
  }

  // ---- duplicates ------------------------------------------------------------------------------

  @Test
  void a_key_given_twice_by_one_source() throws Exception {
    assertThat(argumentsLine("mode=off,hosts=a,mode=observe"))
        .isEqualTo("agent arguments: mode=observe: given twice, the first time as off");
    assertThat(argumentsLine("mode=off,mode=off")).contains("given twice");
    assertThat(argumentsLine("host.\"a\".mode=off,host.\"A\".mode=off")).contains("given twice");
    assertThat(fileLine("mode=off\n#\nmode=off"))
        .endsWith(", line 3: mode=off: given twice, the first time in line 1");
    assertThat(fileLine("host.\"a\".mode=off\nhost.\"A.\".mode=observe"))
        .endsWith(", line 2: host.\"A.\".mode=observe: given twice, the first time in line 1");
    Properties properties = new Properties();
    properties.setProperty("freshwire.host.\"a\".mode", "off");
    properties.setProperty("freshwire.host.\"A\".mode", "off");
    assertThat(line(null, properties, Map.of())).startsWith("system property: ").contains("twice");
  }

  @Test
  void the_same_key_in_two_sources_or_for_two_hosts_is_no_duplicate() {
    assertThat(line("mode=off", new Properties(), Map.of("FRESHWIRE_MODE", "observe"))).isNull();
    assertThat(line("mode=off,host.\"a\".mode=off,host.\"b\".mode=off", new Properties(), Map.of()))
        .isNull();
  }

  // ---- the shape of the arguments --------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"mode=off,", ",mode=off", "mode=off,,hosts=a", ","})
  void an_empty_item(String arguments) {
    assertThat(argumentsLine(arguments)).isEqualTo("agent arguments: empty item in " + arguments);
  }

  @Test
  void a_quote_that_is_not_closed() {
    assertThat(argumentsLine("hosts=\"a,b"))
        .isEqualTo("agent arguments: a quote is not closed in hosts=\"a,b");
  }

  @Test
  void an_argument_of_a_megabyte() {
    String line = argumentsLine("hosts=" + "a.com,".repeat(175_000));
    assertThat(line)
        .isEqualTo(
            "agent arguments: 1050006 characters, expected at most 65536; "
                + "longer ones belong in a file: config=<path>");
    String longest = "hosts=" + "a".repeat(Sources.LONGEST_ARGUMENTS - 6);
    assertThat(argumentsLine(longest)).isNull();
    assertThat(argumentsLine(longest + "a")).contains("65537 characters");
  }

  @Test
  void a_long_value_and_its_line_breaks_do_not_break_the_line() {
    assertThat(argumentsLine("mode=" + "x".repeat(10_000)))
        .isEqualTo(
            "agent arguments: mode="
                + "x".repeat(80)
                + "... (10000 characters): expected enforce, observe or off");
    assertThat(argumentsLine("mode=a\nb\u0000\u2028\u2029\u001b[31m"))
        .isEqualTo("agent arguments: mode=a?b????[31m: expected enforce, observe or off");
  }

  // ---- the file --------------------------------------------------------------------------------

  @Test
  void a_file_that_is_not_there() {
    String path = folder.resolve("missing").toString();
    assertThat(argumentsLine("config=" + path))
        .startsWith("agent arguments: config=" + path.substring(0, Math.min(80, path.length())))
        .endsWith(": no such file");
    assertThat(propertyLine("freshwire.config", "/nowhere"))
        .isEqualTo("system property: freshwire.config=/nowhere: no such file");
  }

  @Test
  void a_directory_instead_of_a_file() {
    assertThat(argumentsLine("config=/"))
        .isEqualTo("agent arguments: config=/: expected a file, but it is a directory");
  }

  @Test
  void a_file_that_cannot_be_read() {
    Path memory = Path.of("/proc/self/mem");
    assumeTrue(Files.exists(memory), "needs a file that even root cannot read: Linux only");
    assertThat(argumentsLine("config=" + memory))
        .startsWith("agent arguments: config=/proc/self/mem: cannot be read: ");
  }

  @Test
  void a_file_without_end() {
    Path zeros = Path.of("/dev/zero");
    assumeTrue(Files.exists(zeros), "needs a file without end");
    assertThat(argumentsLine("config=/dev/zero"))
        .isEqualTo("agent arguments: config=/dev/zero: longer than 4194304 bytes");
  }

  @Test
  void a_file_that_is_not_utf_8() throws Exception {
    Path file = folder.resolve("latin1");
    Files.write(file, "mode=off\n# Zürich\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(argumentsLine("config=" + file)).endsWith(": not UTF-8 at byte 12");
    Files.write(file, "mode=off".getBytes(StandardCharsets.UTF_16));
    assertThat(argumentsLine("config=" + file)).endsWith(": not UTF-8 at byte 0");
    Files.write(file, new byte[] {'#', (byte) 0xc3});
    assertThat(argumentsLine("config=" + file)).endsWith(": not UTF-8 at byte 1");
  }

  @Test
  void a_line_that_assigns_nothing() throws Exception {
    assertThat(fileLine("mode=off\nobserve")).endsWith(", line 2: observe: expected <key>=<value>");
  }

  @Test
  void a_file_that_names_a_file() throws Exception {
    assertThat(fileLine("config=x"))
        .endsWith(", line 1: config=x: this option cannot stand in the file itself");
    assertThat(fileLine("config.interval=1s")).contains("cannot stand in the file itself");
  }

  // ---- all of it -------------------------------------------------------------------------------

  @Test
  void no_text_whatsoever_ends_in_anything_but_a_configuration_or_a_line() throws Exception {
    Random random = new Random(7);
    String[] pieces = {
      "mode",
      "hosts",
      "host.",
      "\"",
      "=",
      ",",
      "*.",
      "a.com",
      ":",
      "[::1]",
      "\n",
      "\\",
      "#",
      "off",
      "retry.backoff",
      "1s",
      "..",
      "%",
      "+",
      "/s",
      "retry.safe-paths",
      "/",
      " ",
      "ü",
      "reuse",
      "prewarm",
      "1",
      "retry.budget",
      "unchanged",
      ".",
      "\u0000",
      "config.interval"
    };
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      String line = i % 20 == 0 ? fileLine(text.toString()) : argumentsLine(text.toString());
      if (line != null) {
        assertThat(line).doesNotContain("\n").hasSizeLessThan(600);
      }
    }
  }

  private @Nullable String fileLine(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("freshwire.properties"), text);
    return argumentsLine("config=" + file);
  }

  private static @Nullable String argumentsLine(String arguments) {
    return line(arguments, new Properties(), Map.of());
  }

  private static @Nullable String propertyLine(String key, String value) {
    Properties properties = new Properties();
    properties.setProperty(key, value);
    return line(null, properties, Map.of());
  }

  private static @Nullable String environmentLine(String key, String value) {
    return line(null, new Properties(), Map.of(key, value));
  }

  private static @Nullable String line(
      @Nullable String arguments, Properties properties, Map<String, String> environment) {
    BadOptionException bad =
        catchThrowableOfType(
            BadOptionException.class, () -> Configuration.load(arguments, properties, environment));
    if (bad == null) {
      return null;
    }
    assertThat(bad).hasMessage(bad.line());
    assertThat(bad.getStackTrace()).isEmpty();
    return bad.line();
  }
}
