package dev.freshwire.it.demo;

import java.io.IOException;
import java.util.List;

/** What stands between the application and the server, on a port of 127.0.0.1. */
public interface Gateway extends AutoCloseable {

  /** The port that the application connects to. */
  int port();

  /** When each connection was accepted, in milliseconds since the epoch, in order. */
  List<Long> accepted() throws IOException;

  /** What it is, in a few words. */
  String description();

  @Override
  void close() throws IOException;
}
