package dev.freshwire.benchmarks.startup;

/** The least a JVM can do. */
public final class HelloWorld {
  private HelloWorld() {}

  /** Says hello. */
  public static void main(String[] arguments) {
    System.out.println("hello");
  }
}
