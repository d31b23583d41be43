package dev.freshwire;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the table "package | may use" of ARCHITECTURE.md. A package that does not exist yet passes;
 * {@code wiring}, which puts the others together, may use them all.
 *
 * <p>Annotations for the checks of the build ({@code org.jspecify}) are free everywhere: no JVM
 * loads them.
 */
class ArchitectureTest {

  private static final String ROOT = "dev.freshwire.";

  private static final JavaClasses AGENT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.freshwire");

  private static final DescribedPredicate<JavaClass> JDK =
      inPackages(
          "of the JDK",
          ModuleFinder.ofSystem().findAll().stream()
              .map(ModuleReference::descriptor)
              .flatMap(module -> module.packages().stream())
              .collect(Collectors.toSet()));

  private static final DescribedPredicate<JavaClass> JAVA_BASE =
      inPackages(
          "of java.base",
          ModuleFinder.ofSystem()
              .find("java.base")
              .map(ModuleReference::descriptor)
              .map(ModuleDescriptor::packages)
              .orElseThrow());

  @Test
  void the_bridge_uses_nothing_but_java_base() {
    onlyUses("bridge", JAVA_BASE);
  }

  @ParameterizedTest(name = "{0} may use the JDK and {1}")
  @CsvSource({
    "premain,   dev.freshwire.bridge..",
    "policy,    ''",
    "telemetry, dev.freshwire.policy.. org.slf4j..",
    "config,    dev.freshwire.policy..",
    "weaving,   dev.freshwire.bridge.. dev.freshwire.telemetry.. net.bytebuddy.. org.slf4j..",
    "enforcement, dev.freshwire.bridge.. dev.freshwire.policy.. dev.freshwire.telemetry..",
    "command,   dev.freshwire.config.. dev.freshwire.telemetry.."
  })
  void a_package_uses_only_its_row_of_the_table(String name, String others) {
    onlyUses(name, others.isEmpty() ? JDK : JDK.or(resideInAnyPackage(others.split(" ", -1))));
  }

  @Test
  void a_client_knows_of_the_agent_only_the_weaving_and_the_bridge() {
    classes()
        .that()
        .resideInAPackage(ROOT + "clients..")
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.not(resideInAPackage(ROOT + "."))
                .or(resideInAnyPackage(ROOT + "clients..", ROOT + "weaving..", ROOT + "bridge..")))
        .allowEmptyShould(true)
        .check(AGENT);
  }

  @Test
  void clients_do_not_know_each_other() {
    slices()
        .matching(ROOT + "clients.(*)..")
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true)
        .check(AGENT);
  }

  /**
   * Advice runs in the application's loader, which sees the boot loader's classes and what its
   * client's folder brings along.
   */
  @Test
  void advice_calls_nothing_of_the_agent_but_the_bridge_and_its_own_folder() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Advice")
        .and()
        .resideInAPackage(ROOT + "clients..")
        .should()
        .accessClassesThat(
            resideInAPackage(ROOT + ".")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(ROOT + "bridge..", ROOT + "clients.."))))
        .allowEmptyShould(true)
        .check(AGENT);
  }

  private static void onlyUses(String name, DescribedPredicate<JavaClass> others) {
    String itself = ROOT + name + "..";
    classes()
        .that()
        .resideInAPackage(itself)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(itself, "org.jspecify..").or(others).or(primitive()))
        .allowEmptyShould(true)
        .check(AGENT);
  }

  private static DescribedPredicate<JavaClass> inPackages(String text, Set<String> packages) {
    return describe(text, type -> packages.contains(type.getBaseComponentType().getPackageName()));
  }

  private static DescribedPredicate<JavaClass> primitive() {
    return describe("are primitive", type -> type.getBaseComponentType().isPrimitive());
  }
}
