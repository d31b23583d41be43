package dev.freshwire.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** The bean's way into the application's server, which may take its time. */
class ManagementTest {
  private final MBeanServer platform = ManagementFactory.getPlatformMBeanServer();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  private boolean isRegistered() throws Exception {
    return platform.isRegistered(new ObjectName("dev.freshwire:type=Freshwire"));
  }

  /** Telemetry is behind a lock that a thread has which loads a class, and asks for the bean. */
  private final class SlowAgent extends TestedAgent {
    @Override
    public Telemetry telemetry() {
      asked.countDown();
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.telemetry();
    }
  }

  @Test
  void whoever_asks_for_it_or_ends_it_does_not_wait_for_the_agent() throws Exception {
    Management management = new Management(new SlowAgent());
    management.start();
    asked.await();
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertThat(management.isDone()).as("it is at work").isTrue();
          management.end();
        });
    answer.countDown();
    management.join();
    assertThat(isRegistered()).as("ended while it was registering").isFalse();
    assertThat(management.isDone()).isFalse();
  }

  @Test
  void it_registers_and_takes_away() throws Exception {
    Management management = new Management(new TestedAgent());
    management.start();
    management.join();
    assertThat(isRegistered()).isTrue();
    assertThat(management.isDone()).isTrue();
    management.end();
    assertThat(isRegistered()).isFalse();
  }
}
