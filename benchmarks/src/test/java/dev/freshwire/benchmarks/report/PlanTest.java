package dev.freshwire.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class PlanTest {

  /** Ten things, each in five rounds, each of which takes as long as its pace says. */
  private static final List<Task> TASKS = tasks(10);

  @Test
  void without_a_limit_all_rounds_are_run_in_the_agreed_pace() {
    assertThat(run(Plan.of(TASKS, List.of(), null, null), 1))
        .hasSize(50)
        .allSatisfy(turn -> assertThat(turn.task().seconds()).isEqualTo(8));
  }

  @Test
  void variants_take_turns() {
    assertThat(run(Plan.of(TASKS, List.of(), null, 2), 1))
        .extracting(Plan.Turn::round)
        .startsWith(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
        .hasSize(20);
  }

  @Test
  void turns_become_shorter_before_there_are_fewer_than_three_rounds() {
    // Three rounds of 10 turns of 5 s are 150 s; 160 s hold them and two more turns.
    List<Plan.Turn> turns = run(Plan.of(TASKS, List.of(), 160 / 60.0, null), 1);
    assertThat(turns)
        .hasSize(32)
        .allSatisfy(turn -> assertThat(turn.task().seconds()).isEqualTo(5));
  }

  @Test
  void on_a_slower_machine_it_ends_in_time_all_the_same() {
    // Everything takes twice as long: of 300 s there are 30 turns of 10 s.
    Plan plan = Plan.of(TASKS, List.of(), 5.0, null);
    List<Plan.Turn> turns = run(plan, 2);
    assertThat(turns.stream().mapToDouble(turn -> 2 * turn.task().seconds()).sum())
        .isBetween(280.0, 300.0);
    assertThat(plan.outcome()).contains("turns are left");
  }

  @Test
  void what_is_measured_already_is_not_measured_again() {
    List<Sample> samples = new ArrayList<>();
    for (Task task : TASKS) {
      for (int round = 0; round < 5; round++) {
        samples.add(new Sample(round, task.labels(), Map.of(), ""));
      }
    }
    Plan plan = Plan.of(TASKS, samples, 10.0, null);
    assertThat(run(plan, 1)).isEmpty();
    assertThat(plan.outcome()).isEqualTo("All measured");
  }

  private static List<Plan.Turn> run(Plan plan, double slowness) {
    List<Plan.Turn> turns = new ArrayList<>();
    for (Plan.Turn turn = plan.next(); turn != null; turn = plan.next()) {
      turns.add(turn);
      plan.took(turn, turn.task().seconds() * slowness);
    }
    return turns;
  }

  private static List<Task> tasks(int count) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(new Fake(Integer.toString(i), Pace.ALL[0]));
    }
    return tasks;
  }

  private record Fake(String name, Pace pace) implements Task {
    @Override
    public SortedMap<String, String> labels() {
      return Task.labels("name", name);
    }

    @Override
    public int rounds() {
      return 5;
    }

    @Override
    public double seconds() {
      return pace.warmUp() + pace.measure();
    }

    @Override
    public Task within(Pace shorter) {
      return new Fake(name, pace.within(shorter));
    }

    @Override
    public Collection<Sample> run(int round) {
      return List.of();
    }
  }
}
