package dev.freshwire.it.operations;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The application that is operated: obeys commands on standard input, a line of answer each. */
final class Application {
  private static final OkHttpClient CLIENT =
      new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(20)).build();

  private Application() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println("ready");
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(answer(line.split(" ", -1)));
    }
    System.exit(0);
  }

  private static String answer(String[] words) throws Exception {
    return switch (words[0]) {
      case "get" -> get(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
      case "hold" -> hold(words[1]);
      case "proceed" -> proceed();
      case "secrets" -> secrets(words[1]);
      case "bean" -> bean();
      case "invoke" -> invoke(words);
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  /** Makes so many requests, so many at a time, each with an id of its own. */
  private static String get(String url, int count, int concurrency) throws Exception {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger ok = new AtomicInteger();
    AtomicInteger unavailable = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(concurrency);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < concurrency; t++) {
      running.add(
          threads.submit(
              () -> {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                  Request request =
                      new Request.Builder().url(url).header("X-Id", Integer.toString(i)).build();
                  try (Response response = CLIENT.newCall(request).execute()) {
                    response.body().bytes();
                    (response.code() == 200 ? ok : unavailable).incrementAndGet();
                  } catch (IOException e) {
                    failed.incrementAndGet();
                  }
                }
              }));
    }
    for (Future<?> thread : running) {
      thread.get();
    }
    threads.shutdown();
    return "ok " + ok + ", unavailable " + unavailable + ", failed " + failed;
  }

  private static final CountDownLatch HELD = new CountDownLatch(1);
  private static final CountDownLatch PROCEEDING = new CountDownLatch(1);
  private static final ConnectionPool POOL = new ConnectionPool();
  private static final CompletableFuture<String> ANSWER = new CompletableFuture<>();

  /** Begins a request that goes on to connect when it is told to proceed. */
  private static String hold(String url) throws Exception {
    OkHttpClient client =
        CLIENT
            .newBuilder()
            .connectionPool(POOL)
            .dns(
                host -> {
                  HELD.countDown();
                  try {
                    PROCEEDING.await();
                  } catch (InterruptedException e) {
                    throw new UnknownHostException(host);
                  }
                  return Dns.SYSTEM.lookup(host);
                })
            .build();
    Thread caller =
        new Thread(
            () -> {
              Request request = new Request.Builder().url(url).header("X-Id", "held").build();
              try (Response response = client.newCall(request).execute()) {
                response.body().bytes();
                ANSWER.complete(String.valueOf(response.code()));
              } catch (IOException e) {
                ANSWER.complete(e.toString());
              }
            });
    caller.setDaemon(true);
    caller.start();
    HELD.await();
    return "held";
  }

  /** The end of that request, and how many connections it left in its pool. */
  private static String proceed() throws Exception {
    PROCEEDING.countDown();
    return ANSWER.get() + ", pooled " + POOL.connectionCount();
  }

  /** A request with a secret wherever a request can have one. */
  private static String secrets(String url) {
    StringBuilder answer = new StringBuilder();
    for (String method : List.of("GET", "POST", "PATCH")) {
      RequestBody body =
          method.equals("GET")
              ? null
              : RequestBody.create("{\"pin\":\"s3cr3t-body\"}", MediaType.get("application/json"));
      Request request =
          new Request.Builder()
              .url(url + "/s3cr3t-path?apikey=s3cr3t-query&token=s3cr3t-query")
              .header("apikey", "s3cr3t-apikey")
              .header("Authorization", "Bearer s3cr3t-token")
              .header("Cookie", "sb=s3cr3t-cookie")
              .header("Idempotency-Key", "s3cr3t-idempotency")
              .header("X-Id", method)
              .method(method, body)
              .build();
      try (Response response = CLIENT.newCall(request).execute()) {
        answer.append(response.code()).append(' ');
      } catch (IOException e) {
        answer.append("failed ");
      }
    }
    return answer.toString().trim();
  }

  private static ObjectName name() throws JMException {
    return new ObjectName("dev.freshwire:type=Freshwire");
  }

  /** Every attribute of the agent's bean; registering it may take a moment. */
  private static String bean() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    if (!server.isRegistered(name())) {
      return "no bean";
    }
    StringBuilder answer = new StringBuilder();
    for (MBeanAttributeInfo attribute : server.getMBeanInfo(name()).getAttributes()) {
      answer
          .append(attribute.getName())
          .append('=')
          .append(server.getAttribute(name(), attribute.getName()))
          .append("; ");
    }
    return answer.toString().replace('\n', ' ');
  }

  private static String invoke(String[] words) throws JMException {
    Object[] arguments = new Object[words.length - 2];
    String[] types = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      boolean number = Character.isDigit(words[i + 2].charAt(0)) && words[i + 2].indexOf('.') < 0;
      arguments[i] = number ? (Object) Integer.valueOf(words[i + 2]) : words[i + 2];
      types[i] = arguments[i].getClass().getName();
    }
    Object answer =
        ManagementFactory.getPlatformMBeanServer().invoke(name(), words[1], arguments, types);
    return String.valueOf(answer).trim().replace('\n', ';');
  }
}
