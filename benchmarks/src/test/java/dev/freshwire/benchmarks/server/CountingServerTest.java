package dev.freshwire.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class CountingServerTest {

  @Test
  void a_pooling_client_is_counted_once() throws Exception {
    try (ServerProcess server = ServerProcess.start(Service.plain())) {
      get(5, server, new OkHttpClient(), 1024);
      assertThat(server.newCounts())
          .extracting(ServerProcess.Counts::connections, ServerProcess.Counts::requests)
          .containsExactly(1L, 5L);
    }
  }

  @Test
  void a_client_that_does_not_pool_is_counted_for_each_request() throws Exception {
    try (ServerProcess server = ServerProcess.start(Service.plain())) {
      OkHttpClient client =
          new OkHttpClient.Builder()
              .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
              .build();
      get(5, server, client, 1024);
      assertThat(server.newCounts())
          .extracting(ServerProcess.Counts::connections, ServerProcess.Counts::requests)
          .containsExactly(5L, 5L);
      get(2, server, client, 1024);
      assertThat(server.newCounts())
          .as("since the last count")
          .extracting(ServerProcess.Counts::connections, ServerProcess.Counts::requests)
          .containsExactly(2L, 2L);
    }
  }

  @Test
  void a_connection_that_streamed_one_body_has_the_next() throws Exception {
    try (ServerProcess server = ServerProcess.start(Service.plain())) {
      get(3, server, new OkHttpClient(), 3_000_000);
      assertThat(server.newCounts())
          .extracting(ServerProcess.Counts::connections, ServerProcess.Counts::requests)
          .containsExactly(1L, 3L);
    }
  }

  private static void get(int times, ServerProcess server, OkHttpClient client, int bytes)
      throws IOException {
    Request request = new Request.Builder().url(server.url() + "/" + bytes).build();
    for (int i = 0; i < times; i++) {
      try (Response response = client.newCall(request).execute()) {
        assertThat(response.body().bytes()).hasSize(bytes);
      }
    }
  }
}
