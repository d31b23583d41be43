package dev.freshwire.it.failures;

import dev.freshwire.it.harness.PackagedAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Copies of the packaged agent in which one method throws as soon as it is called. */
final class SabotagedAgent {
  /** What it throws says this, so that it is known wherever it turns up. */
  static final String SABOTAGE = "sabotaged by a test";

  /**
   * A method of a class in the agent's jar.
   *
   * @param entry of the jar
   * @param purpose of a hook; empty for an answer
   * @param guarded whether the agent declares that what it throws is its own
   * @param places the methods of the client that it is for
   */
  record Target(
      String entry,
      String method,
      String descriptor,
      String purpose,
      boolean guarded,
      List<String> places) {
    String simpleClass() {
      return entry.substring(entry.lastIndexOf('/') + 1, entry.lastIndexOf('.'));
    }

    @Override
    public String toString() {
      return simpleClass() + "." + method;
    }
  }

  private SabotagedAgent() {}

  /** Every hook of a client, as its {@code client.txt} names the classes that have them. */
  static List<Target> hooks(String client) {
    List<Target> hooks = new ArrayList<>();
    try (JarFile jar = new JarFile(PackagedAgent.jar().toFile())) {
      String descriptions =
          new String(
              jar.getInputStream(jar.getJarEntry("inst/clients.txt")).readAllBytes(),
              StandardCharsets.US_ASCII);
      boolean ours = false;
      String folder = "";
      TreeSet<String> entries = new TreeSet<>();
      for (String line : descriptions.lines().toList()) {
        String[] words = line.trim().split(" +", -1);
        switch (words[0]) {
          case "client" -> ours = words[1].equals(client);
          case "folder" -> folder = words[1].substring(words[1].lastIndexOf('.') + 1);
          case "rewrites" -> {
            if (ours) {
              entries.add("inst/companions/" + folder + "/" + words[2] + ".classdata");
            }
          }
          default -> {}
        }
      }
      for (String entry : entries) {
        hooks.addAll(methods(jar, entry, (method, isHook) -> isHook));
      }
      return hooks;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a class of the agent answers the bridge with. */
  static List<Target> answers(String simpleName) {
    String entry = "inst/dev/freshwire/enforcement/" + simpleName + ".classdata";
    try (JarFile jar = new JarFile(PackagedAgent.jar().toFile())) {
      return methods(jar, entry, (method, isHook) -> !method.equals("failed"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Target> methods(
      JarFile jar, String entry, BiPredicate<String, Boolean> wanted) throws IOException {
    List<Target> found = new ArrayList<>();
    new ClassReader(jar.getInputStream(jar.getJarEntry(entry)).readAllBytes())
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  @Nullable String signature,
                  String @Nullable [] exceptions) {
                boolean answer =
                    (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0
                        && (access & (Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC)) == 0
                        && !name.startsWith("<");
                return new MethodVisitor(Opcodes.ASM9) {
                  private final List<String> places = new ArrayList<>();
                  private boolean hook;
                  private boolean guarded;
                  private String purpose = "";

                  @Override
                  public @Nullable AnnotationVisitor visitAnnotation(
                      String annotation, boolean visible) {
                    if (annotation.endsWith("/Hook;")) {
                      hook = true;
                    }
                    return new AnnotationVisitor(Opcodes.ASM9) {
                      @Override
                      public @Nullable AnnotationVisitor visitArray(String attribute) {
                        return hook && attribute.equals("method") ? this : null;
                      }

                      @Override
                      public void visit(@Nullable String attribute, Object value) {
                        guarded |= "suppress".equals(attribute);
                        if ("purpose".equals(attribute)) {
                          purpose = value.toString();
                        }
                        // An element of an array has no name.
                        if (attribute == null) {
                          places.add(value.toString());
                        }
                      }
                    };
                  }

                  @Override
                  public void visitEnd() {
                    if ((hook || answer) && wanted.test(name, hook)) {
                      found.add(new Target(entry, name, descriptor, purpose, guarded, places));
                    }
                  }
                };
              }
            },
            ClassReader.SKIP_CODE);
    return found;
  }

  /** Writes a copy of the agent in which that method throws an {@link Error}. */
  static Path write(Target target, Path directory) throws IOException {
    return copy(
        directory.resolve(target + ".jar"), target.entry(), bytes -> sabotaged(bytes, target));
  }

  /** Writes a copy of the agent that lacks a file. */
  static Path without(String entry, Path directory) throws IOException {
    return copy(directory.resolve("lacking.jar"), entry, bytes -> null);
  }

  private static Path copy(Path copy, String changed, Change change) throws IOException {
    boolean found = false;
    try (JarFile jar = new JarFile(PackagedAgent.jar().toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy))) {
      for (JarEntry entry : jar.stream().toList()) {
        byte @Nullable [] bytes = jar.getInputStream(entry).readAllBytes();
        if (entry.getName().equals(changed)) {
          bytes = change.of(bytes);
          found = true;
        }
        if (bytes != null) {
          out.putNextEntry(new JarEntry(entry.getName()));
          out.write(bytes);
          out.closeEntry();
        }
      }
    }
    if (!found) {
      throw new IllegalStateException("the agent's jar has no " + changed);
    }
    return copy;
  }

  /** What becomes of a file; null: it is left out. */
  private interface Change {
    byte @Nullable [] of(byte[] file);
  }

  private static byte[] sabotaged(byte[] classFile, Target target) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access,
              String name,
              String descriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (!name.equals(target.method()) || !descriptor.equals(target.descriptor())) {
              return next;
            }
            return new Throwing(next, access, descriptor);
          }
        },
        0);
    return writer.toByteArray();
  }

  /** Passes on what is declared, and puts a throw in place of the code. */
  private static final class Throwing extends MethodVisitor {
    private final MethodVisitor next;
    private final int locals;

    Throwing(MethodVisitor next, int access, String descriptor) {
      super(Opcodes.ASM9);
      this.next = next;
      int size = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
      this.locals = (access & Opcodes.ACC_STATIC) != 0 ? size - 1 : size;
    }

    @Override
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
      return next.visitAnnotation(descriptor, visible);
    }

    @Override
    public @Nullable AnnotationVisitor visitParameterAnnotation(
        int parameter, String descriptor, boolean visible) {
      return next.visitParameterAnnotation(parameter, descriptor, visible);
    }

    @Override
    public void visitAnnotableParameterCount(int count, boolean visible) {
      next.visitAnnotableParameterCount(count, visible);
    }

    @Override
    public void visitEnd() {
      next.visitCode();
      next.visitTypeInsn(Opcodes.NEW, "java/lang/InternalError");
      next.visitInsn(Opcodes.DUP);
      next.visitLdcInsn(SABOTAGE);
      next.visitMethodInsn(
          Opcodes.INVOKESPECIAL,
          "java/lang/InternalError",
          "<init>",
          "(Ljava/lang/String;)V",
          false);
      next.visitInsn(Opcodes.ATHROW);
      next.visitMaxs(3, locals);
      next.visitEnd();
    }
  }
}
