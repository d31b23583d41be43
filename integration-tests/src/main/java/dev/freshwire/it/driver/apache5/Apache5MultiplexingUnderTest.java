package dev.freshwire.it.driver.apache5;

import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;

/** The asynchronous client of 5.5 and later, with many exchanges on one HTTP/2 connection. */
public final class Apache5MultiplexingUnderTest extends Apache5AsyncUnderTest {
  @Override
  void configure(PoolingAsyncClientConnectionManagerBuilder manager) {
    manager.setMessageMultiplexing(true);
  }
}
