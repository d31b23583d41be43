package dev.freshwire.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir Path folder;

  @Test
  void a_run_into_the_same_folder_keeps_what_the_earlier_ones_were_made_by_and_on()
      throws Exception {
    measure("report --minutes 70", Map.of("date", "Monday", "JDK 25", "25.0.3"));
    measure("report --only kind=scale", Map.of("date", "Tuesday"));
    measure("report --only kind=scale", Map.of("date", "Wednesday"));

    assertThat(Results.in(folder, new TreeMap<>()).environment())
        .containsEntry("command", "report --minutes 70; report --only kind=scale")
        .containsEntry("JDK 25", "25.0.3")
        .containsEntry("date", "Wednesday");
  }

  private void measure(String command, Map<String, String> environment) throws Exception {
    TreeMap<String, String> here = new TreeMap<>(environment);
    here.put("command", command);
    Results.in(folder, here)
        .add(List.of(new Sample(0, Task.labels("kind", "call"), Map.of("p50 us", 1.0), command)));
  }
}
