package dev.freshwire.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.policy.PathGlob;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.Recorder;
import dev.freshwire.telemetry.Telemetry;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one call remembers from attempt to attempt. */
class PolicyCallTest {
  private static final String REFRESH = "/auth/v1/token?grant_type=refresh_token";

  private final Telemetry telemetry = new Telemetry();

  /** Of a system that tells nothing of them. */
  private LocalPorts ports = new LocalPorts("/nowhere");

  private Call call(Settings.Builder settings, String method, String pathAndQuery) {
    PolicyEnforcer enforcer =
        new PolicyEnforcer(
            Policy.builder().everywhere(settings.build()).build(),
            telemetry,
            Recorder.events(),
            ports);
    return Objects.requireNonNull(
        enforcer.begin(method, "a.example", 443, "https://a.example" + pathAndQuery, false, false));
  }

  private static IOException reset() {
    return new IOException("Connection reset");
  }

  private static boolean sentAndReset(Call call) {
    call.attempting();
    call.sending();
    return call.afterFailure(reset(), false, true, false) != Enforcer.NO_RETRY;
  }

  private static boolean refused(Call call) {
    call.attempting();
    return call.afterFailure(new ConnectException("refused"), false, true, false)
        != Enforcer.NO_RETRY;
  }

  private static boolean unprocessed(Call call) {
    call.attempting();
    call.sending();
    return call.afterFailure(reset(), true, true, false) != Enforcer.NO_RETRY;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/rest/v1/rpc/get_x", "/rest/v1/rpc/get_x?a=/b", "/rest/v1/rpc/get_x#/b"})
  void a_path_that_is_declared_safe_is_one(String path) {
    assertThat(sentAndReset(safePath(path))).isTrue();
  }

  /** RFC 3986, 3.2: the authority ends at the first slash, question mark or number sign. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "?next=/rest/v1/rpc/get_x",
        "#/rest/v1/rpc/get_x",
        "/create?next=/rest/v1/rpc/get_x",
        "/create#/rest/v1/rpc/get_x",
        ""
      })
  void what_stands_in_a_query_or_a_fragment_is_no_path(String url) {
    assertThat(sentAndReset(safePath(url))).isFalse();
  }

  private Call safePath(String url) {
    List<PathGlob> safe = List.of(PathGlob.of("/rest/v1/rpc/get_*"));
    return call(Settings.builder().safePaths(safe), "POST", url);
  }

  @Test
  void a_token_is_refreshed_again_after_what_the_server_did_not_process() {
    Call call = call(Settings.builder().maxAttempts(5), "POST", REFRESH);
    assertThat(unprocessed(call)).isTrue();
    assertThat(sentAndReset(call)).as("the first that may have been applied").isTrue();
    assertThat(refused(call)).isTrue();
    assertThat(sentAndReset(call)).as("it was sent again already").isFalse();
  }

  @Test
  void connecting_ends_with_the_time_in_which_a_token_may_be_refreshed_again() {
    Call call = call(Settings.builder().connectTimeoutMillis(10_000), "POST", REFRESH);
    call.attempting();
    assertThat(call.connectTimeout(0)).isBetween(9_000, 10_000);
    call.sending();
    assertThat(call.afterFailure(reset(), false, true, false)).isNotNegative();
    call.attempting();
    assertThat(call.connectTimeout(0)).isBetween(1, 5_000);
    assertThat(call.connectTimeout(300)).isBetween(1, 300);
  }

  @Test
  void another_request_may_take_as_long_to_connect_again_as_ever() {
    Call call = call(Settings.builder().connectTimeoutMillis(10_000), "GET", "/x");
    assertThat(sentAndReset(call)).isTrue();
    call.attempting();
    assertThat(call.connectTimeout(0)).isBetween(9_000, 10_000);
  }

  /** An address that the machine does not have (any more) is refused with the same words. */
  @Test
  void an_address_that_is_not_there_is_tried_as_often_as_anything_else(@TempDir Path proc)
      throws IOException {
    Path range = proc.resolve("sys/net/ipv4/ip_local_port_range");
    Files.createDirectories(range.getParent());
    Files.writeString(range, "30000\t30499\n");
    Files.writeString(Files.createDirectory(proc.resolve("net")).resolve("tcp"), "sl\n");
    ports = new LocalPorts(proc.toString());
    Call call = call(Settings.builder().maxAttempts(3), "GET", "/x");
    assertThat(attempts(call)).isEqualTo(3);
  }

  @Test
  void without_a_deadline_no_port_is_waited_for_without_end() {
    Settings.Builder settings = Settings.builder().maxAttempts(3);
    assertThat(attempts(call(settings.deadlineMillis(0), "GET", "/x"))).isEqualTo(3);
    assertThat(attempts(call(settings.deadlineMillis(30_000), "GET", "/x"))).isEqualTo(10);
  }

  @Test
  void an_attempt_without_a_port_does_not_count_when_the_server_answers() {
    Call call = call(Settings.builder().maxAttempts(2), "GET", "/x");
    call.attempting();
    assertThat(call.afterFailure(noAddress(), false, true, false)).isNotNegative();
    call.attempting();
    call.sending();
    assertThat(call.afterResponse(503, null, true)).isNotNegative();
    call.attempting();
    call.sending();
    assertThat(call.afterResponse(503, null, true)).isEqualTo(Enforcer.NO_RETRY);
  }

  private static IOException noAddress() {
    return new BindException("Cannot assign requested address (Bind failed)");
  }

  /** How many there are, but no more than ten. */
  private static int attempts(Call call) {
    int attempts = 0;
    long wait = 0;
    while (wait != Enforcer.NO_RETRY && attempts < 10) {
      call.attempting();
      attempts++;
      wait = call.afterFailure(noAddress(), false, true, false);
    }
    return attempts;
  }
}
