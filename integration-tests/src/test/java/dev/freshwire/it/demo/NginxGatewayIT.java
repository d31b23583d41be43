package dev.freshwire.it.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.twin.Protocol;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The checks of the trading agent behind a real nginx: TLS and HTTP/2 on the client's side, {@code
 * keepalive_timeout 1s}, {@code keepalive_requests 3}.
 */
class NginxGatewayIT {

  @Test
  void everyRequestSucceedsOnAConnectionOfItsOwn() throws Exception {
    Optional<Path> nginx = NginxGateway.executable();
    assumeTrue(nginx.isPresent(), "nginx is not installed");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    RunReport report =
        new SampleRun(Protocol.H2, java, nginx.orElseThrow(), 1)
            .run(FiveChecksIT.agent(), (check, made, expected) -> {});

    assertThat(report.perfect()).as(ReportTable.of("", report) + report.errorOutput()).isTrue();
    assertThat(report.total().connections())
        .as("a connection for every request, by nginx's own log")
        .isEqualTo(report.total().requests());
  }
}
