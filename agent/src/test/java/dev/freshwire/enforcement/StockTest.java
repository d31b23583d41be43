package dev.freshwire.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.bridge.SpareSource;
import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.OriginCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many spare connections there are, and when. */
class StockTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long start = System.nanoTime();
  private final OriginCounters counters = new OriginCounters();
  private final Server server = new Server();
  private final Settings settings =
      Settings.builder().prewarm(2).prewarmMaxIdleMillis(4_000).build();
  private final Stock stock = new Stock(counters, server, settings, start);

  /** Makes connections that are numbers. */
  private static final class Server extends SpareSource {
    final Set<Object> dead = new HashSet<>();
    final List<Object> closed = new ArrayList<>();
    boolean refuses;
    boolean over;
    int made;

    @Override
    public Object make() throws IOException {
      if (refuses) {
        throw new IOException("refused");
      }
      return ++made;
    }

    @Override
    public boolean isAlive(Object spare) {
      return !dead.contains(spare);
    }

    @Override
    public void close(Object spare) {
      closed.add(spare);
    }

    @Override
    public boolean isOver() {
      return over;
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  /** One request asks, and what is to be made at once is made. */
  private @Nullable Object request(long now) {
    stock.isWanted(server, settings, now);
    Object taken = stock.take(now);
    make(stock.missing(taken != null, now));
    return taken;
  }

  private int make(int count) {
    for (int i = 0; i < count; i++) {
      stock.run();
    }
    return count;
  }

  @BeforeEach
  void the_first_request_only_makes_it_known() {
    assertThat(request(start)).isNull();
    assertThat(server.made).isZero();
  }

  @Test
  void each_request_that_finds_none_has_one_more_made_up_to_the_limit() {
    assertThat(request(start)).isNull();
    assertThat(server.made).isEqualTo(1);
    assertThat(request(start)).isEqualTo(1);
    assertThat(server.made).as("in place of the one that was taken").isEqualTo(2);
    assertThat(request(start)).isEqualTo(2);
    make(stock.missing(false, start));
    make(stock.missing(false, start));
    make(stock.missing(false, start));
    assertThat(server.made).as("two wait, which is the limit").isEqualTo(4);
  }

  @Test
  void the_dead_and_the_old_are_thrown_away_and_never_handed_out() {
    request(start);
    server.dead.add(1);
    assertThat(request(start)).isNull();
    assertThat(server.closed).containsExactly(1);
    assertThat(counters.get(Counter.PREWARMED_WASTED)).isEqualTo(1);
    assertThat(request(System.nanoTime() + 5 * SECOND)).isNull();
    assertThat(server.closed).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void what_waits_too_long_is_closed_and_not_made_again() {
    request(start);
    assertThat(stock.sweep(System.nanoTime(), true)).isFalse();
    assertThat(server.closed).isEmpty();
    assertThat(stock.sweep(System.nanoTime() + 5 * SECOND, true)).isFalse();
    assertThat(server.closed).containsExactly(1);
    assertThat(server.made).isEqualTo(1);
    assertThat(stock.sweep(System.nanoTime() + 30 * SECOND, true)).as("forgotten").isTrue();
    assertThat(stock.isWanted(server, settings, start)).isFalse();
  }

  @Test
  void nothing_is_left_when_the_agent_is_detached_or_the_client_closed() {
    request(start);
    assertThat(stock.sweep(System.nanoTime(), false)).isTrue();
    assertThat(server.closed).containsExactly(1);
    assertThat(stock.missing(false, start)).as("given up").isZero();

    Stock other = new Stock(counters, server, settings, start);
    other.missing(false, start);
    assertThat(other.missing(false, start)).isEqualTo(1);
    other.run();
    server.over = true;
    assertThat(other.sweep(System.nanoTime(), true)).isTrue();
    assertThat(server.closed).containsExactly(1, 2);
  }

  @Test
  void a_server_that_refuses_is_left_alone_for_longer_each_time() {
    server.refuses = true;
    request(start);
    assertThat(stock.missing(false, System.nanoTime())).as("within 100 ms").isZero();
    long now = System.nanoTime();
    assertThat(make(stock.missing(false, now + SECOND / 10))).isPositive();
    assertThat(stock.missing(false, now + SECOND / 10)).as("within 200 ms").isZero();
    for (int i = 0; i < 20; i++) {
      make(stock.missing(false, System.nanoTime() + 11 * SECOND));
    }
    assertThat(stock.missing(false, System.nanoTime() + 9 * SECOND)).isZero();
    assertThat(stock.missing(false, System.nanoTime() + 11 * SECOND)).isPositive();
  }
}
