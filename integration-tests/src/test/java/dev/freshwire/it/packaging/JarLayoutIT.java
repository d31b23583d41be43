package dev.freshwire.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.harness.PackagedAgent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What the application's class path gains by the agent's jar: two classes, and no more. */
class JarLayoutIT {
  /** 1 MB; it was 0.4 MB with the first client. */
  private static final long LARGEST = 1_000_000;

  @Test
  void showsTheSystemLoaderOnlyWhatTheJvmStarts() throws IOException {
    TreeSet<String> folders = new TreeSet<>();
    for (String name : names()) {
      if (!name.startsWith("inst/") && !name.startsWith("META-INF/")) {
        folders.add(name.substring(0, name.lastIndexOf('/') + 1));
      }
    }
    assertThat(folders).containsExactly("dev/freshwire/premain/");
  }

  @Test
  void hidesItsOwnClassesFromOtherLoaders() throws IOException {
    assertThat(names())
        .filteredOn(name -> name.startsWith("inst/"))
        .noneMatch(name -> name.endsWith(".class"));
  }

  @Test
  void relocatesWhatItBrings() throws IOException {
    assertThat(names())
        .noneMatch(name -> name.contains("META-INF/versions/"))
        .noneMatch(name -> name.startsWith("inst/net/") || name.startsWith("inst/org/"));
    try (JarFile jar = new JarFile(PackagedAgent.jar().toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().startsWith("inst/dev/freshwire/")
            || entry.getName().startsWith("inst/companions/")) {
          String bytes =
              new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
          assertThat(bytes)
              .as(entry.getName())
              .doesNotContain("org/slf4j/")
              .doesNotContain("net/bytebuddy/")
              .doesNotContain("dev/freshwire/bridge/")
              .doesNotContain("dev/freshwire/clients/");
        }
      }
    }
  }

  /** Not as they were compiled, and not what makes them. */
  @Test
  void carriesCompanionsAsTheyAreDefined() throws IOException {
    assertThat(names())
        .contains("inst/companions/okhttp/index.txt", "inst/companions/okhttp/Attempts.classdata")
        .noneMatch(name -> name.startsWith("inst/dev/freshwire/clients/"))
        .noneMatch(name -> name.contains("CompanionBuild") || name.contains("AdviceReader"));
  }

  @Test
  void carriesEveryCompanionOfEveryClient() throws IOException {
    List<String> companions = new ArrayList<>();
    try (JarFile jar = new JarFile(PackagedAgent.jar().toFile())) {
      String folder = "";
      for (String line : text(jar, "inst/clients.txt").lines().toList()) {
        String[] words = line.trim().split(" +", -1);
        switch (words[0]) {
          case "folder" -> folder = words[1].substring(words[1].lastIndexOf('.') + 1);
          case "rewrites" ->
              companions.add("inst/companions/" + folder + "/" + words[2] + ".classdata");
          case "with" ->
              companions.add("inst/companions/" + folder + "/" + words[1] + ".classdata");
          default -> {}
        }
      }
    }
    assertThat(companions).hasSizeGreaterThan(50);
    assertThat(names()).containsAll(companions);
  }

  @Test
  void carriesTheLicencesOfWhatItBrings() throws IOException {
    try (JarFile jar = new JarFile(PackagedAgent.jar().toFile())) {
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
      assertThat(text(jar, "META-INF/licenses/ASM")).contains("INRIA", "Redistributions in binary");
      assertThat(text(jar, "META-INF/licenses/SLF4J")).contains("QOS.ch", "Permission is hereby");
      assertThat(text(jar, "META-INF/licenses/BYTE-BUDDY")).contains("Apache License");
    }
  }

  private static String text(JarFile jar, String entry) throws IOException {
    assertThat(jar.getEntry(entry)).as(entry).isNotNull();
    return new String(
        jar.getInputStream(jar.getJarEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void isSmall() throws IOException {
    assertThat(Files.size(PackagedAgent.jar())).isLessThan(LARGEST);
  }

  @Test
  void namesItsEntryPoints() throws IOException {
    try (JarFile jar = new JarFile(PackagedAgent.jar().toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      String agent = "dev.freshwire.premain.FreshwireAgent";
      assertThat(manifest.getValue("Premain-Class")).isEqualTo(agent);
      assertThat(manifest.getValue("Agent-Class")).isEqualTo(agent);
      assertThat(manifest.getValue("Main-Class")).isEqualTo(agent);
      assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
    }
  }

  private static List<String> names() throws IOException {
    try (JarFile jar = new JarFile(PackagedAgent.jar().toFile())) {
      return jar.stream().map(JarEntry::getName).filter(name -> !name.endsWith("/")).toList();
    }
  }
}
