package dev.freshwire.benchmarks.startup;

import java.io.IOException;

/** The least a JVM can do. */
public final class HelloWorld {
  private HelloWorld() {}

  /** Says hello. */
  public static void main(String[] arguments) throws IOException {
    System.out.println("hello");
    Census.print();
  }
}
