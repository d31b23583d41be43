package dev.freshwire.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A version of a client that keeps a name and changes a type: a hook has its place there only where
 * what it would be given passes the JVM's verification.
 */
class HookPlacesTest {
  /** {@link Object} stands for what is not public, {@link Words} for a class of the client's. */
  public static class Takes {
    @Hook(purpose = "field", method = "any")
    @Advice.OnMethodEnter(inline = false)
    public static void field(@Advice.FieldValue("field") Socket field) {}

    @Hook(purpose = "object", method = "any")
    @Advice.OnMethodEnter(inline = false)
    public static void object(@Advice.FieldValue("field") Object field) {}

    @Hook(purpose = "argument", method = "any")
    @Advice.OnMethodEnter(inline = false)
    public static void argument(@Advice.Argument(0) String argument) {}

    @Hook(purpose = "client", method = "any")
    @Advice.OnMethodEnter(inline = false)
    public static void client(@Advice.Argument(0) Words argument) {}

    @Hook(purpose = "returned", method = "any")
    @Advice.OnMethodExit(inline = false)
    public static void returned(@Advice.Return boolean returned) {}

    @Hook(purpose = "result", method = "any")
    @Advice.OnMethodExit(inline = false)
    @Advice.AssignReturned.ToReturned
    public static boolean result() {
      return true;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Ljava/net/Socket;, true",
    "Ljavax/net/ssl/SSLSocket;, true",
    "Lokhttp3/Something;, true",
    "Ljava/lang/String;, false",
    "Ljava/lang/Object;, false",
    "[Ljava/net/Socket;, false",
    "J, false",
  })
  void field(String type, boolean fits) throws IOException {
    assertThat(purposes(type, "()V").contains("field")).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({"Ljava/net/Socket;, true", "Lokhttp3/A;, true", "[I, true", "I, false"})
  void objects(String type, boolean fits) throws IOException {
    assertThat(purposes(type, "()V").contains("object")).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({
    "Ljava/lang/String;, true",
    "Ljava/lang/CharSequence;, false",
    "Lokhttp3/HttpUrl;, false",
    "I, false",
  })
  void argument(String type, boolean fits) throws IOException {
    assertThat(purposes("I", "(" + type + ")V").contains("argument")).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({
    "Ldev/freshwire/weaving/Words;, true",
    "Lokhttp3/SubtypePerhaps;, true",
    "Ljava/lang/String;, false",
    "I, false",
  })
  void ofTheClients(String type, boolean fits) throws IOException {
    assertThat(purposes("I", "(" + type + ")V").contains("client")).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({"Z, true", "I, false", "V, false", "Ljava/lang/Boolean;, false"})
  void returned(String type, boolean fits) throws IOException {
    List<String> purposes = purposes("I", "()" + type);
    assertThat(purposes.contains("returned")).isEqualTo(fits);
    assertThat(purposes.contains("result")).isEqualTo(fits);
  }

  private static List<String> purposes(String fieldType, String descriptor) throws IOException {
    AdviceClass hooks = AdviceReader.read(HookWriterTest.classFile(Takes.class));
    return HookWriter.matching(hooks.methods, Map.of("field", fieldType), 0, "any", descriptor)
        .stream()
        .map(hook -> String.valueOf(hook.purpose))
        .toList();
  }
}
