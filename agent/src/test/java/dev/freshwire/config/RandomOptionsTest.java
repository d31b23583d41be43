package dev.freshwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.freshwire.policy.HostPattern;
import dev.freshwire.policy.PathGlob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is given: a configuration, or one line that says what is wrong, and nothing else. */
class RandomOptionsTest {
  private static final long SEED = Long.getLong("freshwire.test.seed", 20_261_123L);
  private static final int TEXTS = 10_000;

  @TempDir private Path directory;

  private static String[] fragments() {
    List<String> fragments = new ArrayList<>();
    for (Option option : Option.values()) {
      if (option != Option.CONFIG) {
        fragments.add(option.key());
        fragments.add(option.key() + "=" + option.defaultText());
        fragments.add(",");
        fragments.add('"' + option.key() + "\"=");
        fragments.add("host.\"*.example\"." + option.key() + "=");
      }
    }
    return fragments.toArray(new String[0]);
  }

  @Test
  void as_arguments() {
    RandomTexts texts = new RandomTexts(SEED, fragments());
    int valid = 0;
    for (int i = 0; i < TEXTS; i++) {
      valid += isValid(texts.next()) ? 1 : 0;
    }
    // Both happen, so the texts are neither all right nor all nonsense.
    assertThat(valid).isBetween(TEXTS / 1000, TEXTS - TEXTS / 1000);
  }

  private static boolean isValid(String arguments) {
    try {
      assertThat(Configuration.load(arguments, new Properties(), Map.of()).effective())
          .isNotEmpty();
      return true;
    } catch (BadOptionException bad) {
      assertThat(bad.line()).as(arguments).isNotEmpty().doesNotContain("\n", "\r");
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      return fail("seed " + SEED + ": " + arguments, e);
    }
  }

  @Test
  void as_a_file() throws Exception {
    Path file = directory.resolve("options.properties");
    RandomTexts texts = new RandomTexts(SEED, fragments());
    for (int i = 0; i < TEXTS / 10; i++) {
      String text = texts.next() + "\n" + texts.next();
      Files.writeString(file, text.replace("\ud83d", "?"));
      try {
        Configuration.load("config=" + file, new Properties(), Map.of());
      } catch (BadOptionException bad) {
        assertThat(bad.line()).as(text).isNotEmpty().doesNotContain("\n", "\r");
      }
    }
  }

  @Test
  void as_patterns() {
    RandomTexts texts =
        new RandomTexts(SEED, "a", "b.example", "rest", "v1", "%2f", "..", "?", "#");
    for (int i = 0; i < TEXTS; i++) {
      String text = texts.next();
      HostPattern pattern = HostPattern.of(text);
      if (pattern != null) {
        // What it says it is means the same when it is read again.
        assertThat(HostPattern.of(pattern.toString())).as(text).isEqualTo(pattern);
      }
      if (PathGlob.isValid(text)) {
        PathGlob.of(text).matches(texts.next());
      }
    }
  }
}
