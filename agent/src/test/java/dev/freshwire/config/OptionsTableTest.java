package dev.freshwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsTableTest {

  /** If this fails: put what it expects between the two markers. */
  @Test
  void the_table_in_the_readme_is_the_one_of_the_options() throws Exception {
    String readme = Files.readString(Path.of("..", "README.md"));
    String begin = "<!-- options -->\n";
    String end = "<!-- /options -->";
    assertThat(readme).containsOnlyOnce(begin).containsOnlyOnce(end);
    String table = readme.substring(readme.indexOf(begin) + begin.length(), readme.indexOf(end));
    assertThat(table).isEqualTo(OptionsTable.markdown());
  }

  @Test
  void the_plain_table_has_a_line_for_each_option_in_columns() {
    String[] lines = OptionsTable.plain().split("\n", -1);
    assertThat(lines).hasSize(Option.values().length + 1);
    int defaults = lines[0].indexOf("enforce");
    int meanings = lines[0].indexOf("enforce;");
    assertThat(lines[0]).startsWith("mode ");
    int i = 0;
    for (Option option : Option.values()) {
      assertThat(lines[i]).startsWith(option.key() + " ").doesNotContain("`");
      String shown = option.defaultText().isEmpty() ? "none" : option.defaultText();
      assertThat(lines[i].substring(defaults)).startsWith(shown + " ");
      assertThat(lines[i++].substring(meanings)).isEqualTo(option.meaning().replace("`", ""));
    }
  }
}
