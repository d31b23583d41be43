package dev.freshwire.it.driver.frontend;

import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Settings;

/** A library in front of one of the JDK's clients, as an application uses it: nothing is set. */
abstract class FrontEnd implements ClientUnderTest {
  @Override
  public void open(Settings settings) {}

  @Override
  public void cancel(String ticket) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
