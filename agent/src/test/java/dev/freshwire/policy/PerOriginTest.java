package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PerOriginTest {
  private final PerOrigin<AtomicInteger> table =
      new PerOrigin<>(100, origin -> new AtomicInteger());

  @Test
  void every_spelling_of_an_origin_has_the_same_value() {
    AtomicInteger value = table.get("Example.COM", 443);
    assertThat(table.get("example.com", 443)).isSameAs(value);
    assertThat(table.get("EXAMPLE.com.", 443)).isSameAs(value);
    assertThat(table.get("example.com", 80)).isNotSameAs(value);
    assertThat(table.get("example.org", 443)).isNotSameAs(value);
  }

  @Test
  void hosts_that_share_a_bucket_have_values_of_their_own() {
    PerOrigin<Origin> origins = new PerOrigin<>(5000, origin -> origin);
    for (int i = 0; i < 5000; i++) {
      assertThat(origins.get("h" + i, i)).isEqualTo(Origin.of("h" + i, i));
    }
    for (int i = 0; i < 5000; i++) {
      assertThat(origins.get("h" + i, i)).isEqualTo(Origin.of("h" + i, i));
    }
    assertThat(origins.origins()).hasSize(5001).doesNotHaveDuplicates();
  }

  @Test
  void a_million_hosts_do_not_grow_it_without_limit() {
    AtomicInteger first = table.get("h0", 443);
    for (int i = 0; i < 1_000_000; i++) {
      table.get("h" + i, 443).incrementAndGet();
    }
    assertThat(table.origins()).hasSize(101);
    assertThat(table.origins().get(100)).hasToString("(others)");
    assertThat(first).hasValue(1);
    assertThat(table.get("h99", 443)).hasValue(1);
    assertThat(table.get("h100", 443)).isSameAs(table.get("h999999", 1)).hasValue(999_900);
  }

  @Test
  void finding_a_value_allocates_nothing() {
    table.get("abc.supabase.co", 443);
    long allocated = Allocation.of(() -> table.get("abc.supabase.co", 443).incrementAndGet());
    assertThat(allocated).isLessThan(10_000);
  }

  @Test
  void threads_that_meet_a_new_origin_together_get_the_same_value() throws Exception {
    int threads = 4;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    for (int round = 0; round < 500; round++) {
      PerOrigin<Object> fresh = new PerOrigin<>(10, origin -> new Object());
      CyclicBarrier barrier = new CyclicBarrier(threads);
      List<Future<Object>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        running.add(
            executor.submit(
                () -> {
                  barrier.await();
                  return fresh.get("a.com", 443);
                }));
      }
      Set<Object> values = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Future<Object> one : running) {
        values.add(one.get());
      }
      assertThat(values).hasSize(1);
      assertThat(fresh.origins()).hasSize(2);
    }
    executor.shutdown();
  }
}
