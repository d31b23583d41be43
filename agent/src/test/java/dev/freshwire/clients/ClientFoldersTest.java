package dev.freshwire.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client's folder says all of what is in it, and holds only what may be moved elsewhere. */
class ClientFoldersTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/freshwire/clients");
  private static final Path CLASSES = Path.of("target/classes/dev/freshwire/clients");

  static Stream<String> folders() throws IOException {
    try (Stream<Path> folders = Files.list(SOURCES)) {
      return folders.map(folder -> folder.getFileName().toString()).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void describesEveryClassInIt(String folder) throws IOException {
    Set<String> described = new TreeSet<>();
    for (List<String> line : description(folder)) {
      if (line.get(0).equals("rewrites")) {
        described.add(line.get(2));
      } else if (line.get(0).equals("with")) {
        described.add(line.get(1));
      }
    }
    assertThat(described).containsExactlyInAnyOrderElementsOf(compiled(folder));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void rewritesWhatTheAdviceIsDeclaredFor(String folder) throws IOException {
    for (List<String> line : description(folder)) {
      if (line.get(0).equals("rewrites")) {
        assertThat(annotation(folder, line.get(2))).as(line.get(2)).contains(line.get(1));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void usesNothingOfTheAgentButTheBridge(String folder) throws IOException {
    String own = "dev/freshwire/clients/" + folder + '/';
    for (String name : compiled(folder)) {
      for (String used : classesUsedBy(folder, name)) {
        boolean allowed =
            !used.startsWith("dev/freshwire/")
                || used.startsWith(own)
                || used.startsWith("dev/freshwire/bridge/");
        assertThat(allowed).as("%s uses %s", name, used).isTrue();
      }
    }
  }

  private static List<List<String>> description(String folder) throws IOException {
    List<List<String>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(SOURCES.resolve(folder).resolve("client.txt"))) {
      String told = line.replaceAll("#.*", "").trim();
      if (!told.isEmpty()) {
        lines.add(List.of(told.split(" +")));
      }
    }
    return lines;
  }

  private static Set<String> compiled(String folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(CLASSES.resolve(folder))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.startsWith("package-info")) {
          names.add(name.substring(0, name.length() - ".class".length()));
        }
      }
    }
    return names;
  }

  private static List<String> annotation(String folder, String advice) throws IOException {
    List<String> targets = new ArrayList<>();
    reader(folder, advice)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public net.bytebuddy.jar.asm.AnnotationVisitor visitAnnotation(
                  String descriptor, boolean visible) {
                return new net.bytebuddy.jar.asm.AnnotationVisitor(Opcodes.ASM9) {
                  @Override
                  public net.bytebuddy.jar.asm.AnnotationVisitor visitArray(String name) {
                    return this;
                  }

                  @Override
                  public void visit(String name, Object value) {
                    targets.add(String.valueOf(value));
                  }
                };
              }
            },
            0);
    return targets;
  }

  private static List<String> classesUsedBy(String folder, String name) throws IOException {
    ClassReader reader = reader(folder, name);
    List<String> used = new ArrayList<>();
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && reader.readByte(at - 1) == 7) {
        used.add(reader.readUTF8(at, buffer));
      }
    }
    return used;
  }

  private static ClassReader reader(String folder, String name) throws IOException {
    return new ClassReader(Files.readAllBytes(CLASSES.resolve(folder).resolve(name + ".class")));
  }
}
