package dev.freshwire.benchmarks.startup;

import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Ends with OkHttp's first response. */
public final class FirstResponse {
  private FirstResponse() {}

  /** Takes the URL. */
  public static void main(String[] arguments) throws IOException {
    OkHttpClient client = new OkHttpClient();
    Request request = new Request.Builder().url(arguments[0]).build();
    try (Response response = client.newCall(request).execute()) {
      System.out.println(response.code() + " " + response.body().string().length());
    }
    Census.print();
    // Without waiting for OkHttp's idle threads: they are no part of the question.
    Runtime.getRuntime().halt(0);
  }
}
