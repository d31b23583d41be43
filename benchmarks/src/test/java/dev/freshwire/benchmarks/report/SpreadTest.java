package dev.freshwire.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void few_runs_show_least_and_most() {
    assertThat(Spread.of(DoubleStream.of(3, 1, 2))).isEqualTo(new Spread(2, 1, 3, 3));
  }

  @Test
  void many_runs_show_their_quartiles() {
    assertThat(Spread.of(IntStream.rangeClosed(0, 8).mapToDouble(i -> i)))
        .isEqualTo(new Spread(4, 2, 6, 9));
  }

  @Test
  void one_run_is_shown_as_what_it_is() {
    assertThat(Spread.of(DoubleStream.of(12.345)).text()).isEqualTo("12.3 (1 run)");
  }

  @Test
  void what_was_not_measured_is_no_number() {
    assertThat(Spread.of(DoubleStream.of(Double.NaN)).text()).isEqualTo("-");
  }
}
