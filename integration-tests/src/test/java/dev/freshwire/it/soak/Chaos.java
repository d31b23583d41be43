package dev.freshwire.it.soak;

import dev.freshwire.it.faults.Admission;
import dev.freshwire.it.faults.Exchange;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Ledger;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server that does to each arrival what the seed, the request's id and the number of the
 * arrival say, and knows afterwards which requests could have been saved.
 */
final class Chaos implements Script, AutoCloseable {
  /** Of ids: such a request is never answered. */
  static final String UNANSWERED = "unanswered-";

  /** From this arrival on nothing goes wrong: within the attempts that the agent is given. */
  private static final int LAST_FAULT = 2;

  /** Shorter than the waits between the attempts that are given, together. */
  private static final int PORT_CLOSED_MILLIS = 100;

  /** Of connections that were left open. */
  private static final int SHOWN = 5;

  /** On a connection that many share, what ends it is as much rarer. */
  private static final int SHARED = 20;

  private static final String GOAWAY_AFTER = "GOAWAY after the answer";

  private final long seed;
  private final boolean clientGivesAnswersUp;
  private final FaultServer server;
  private final List<Word> words;
  private final ScheduledExecutorService outages = Executors.newSingleThreadScheduledExecutor();
  private final ConcurrentMap<String, Integer> dealt = new ConcurrentHashMap<>();
  private volatile Mode mode = Mode.NEVER;

  /** Requests of which a fault cannot be hidden: from a GET, and from a request that writes. */
  private final Set<String> lostReads = ConcurrentHashMap.newKeySet();

  private final Set<String> lostWrites = ConcurrentHashMap.newKeySet();

  /** Connections that were ended, for which request, and which one a request came on last. */
  private final Set<Integer> goneAway = ConcurrentHashMap.newKeySet();

  private final ConcurrentMap<Integer, String> ended = new ConcurrentHashMap<>();

  private final ConcurrentMap<String, Integer> cameOn = new ConcurrentHashMap<>();

  private final ConcurrentMap<String, String> fates = new ConcurrentHashMap<>();
  private final AtomicInteger unansweredHandshakes = new AtomicInteger();
  private final AtomicInteger reused = new AtomicInteger();
  private final AtomicInteger marked = new AtomicInteger();

  Chaos(long seed, Protocol protocol, boolean clientGivesAnswersUp) {
    this.seed = seed;
    this.clientGivesAnswersUp = clientGivesAnswersUp;
    this.words = vocabulary();
    this.server = FaultServer.start(protocol, this);
    if (protocol.tls()) {
      // Which handshakes fail, the seed says. Without TLS the request may have left.
      server.admission(this::admit);
    }
  }

  /** What a fault takes from the request that meets it. */
  private enum Harm {
    NONE,
    /** What was sent cannot be sent again. */
    WRITE,
    /** Nor can what only reads. */
    ANY
  }

  /** Where a fault may be dealt. */
  private enum Where {
    ANYWHERE,
    HTTP_2,
    TLS,
    GET,
    POST,
    /** Not where a client may wait for ever. */
    ENFORCED,
    /** Only where nothing is sent on the connection afterwards. */
    FRESH,
    /**
     * Only where nothing else may be on the connection: of other streams it says what is untrue.
     */
    FRESH_HTTP_2,
    /** Not where the next request may come on the connection before it is over. */
    FRESH_OR_HTTP_2
  }

  /**
   * A fault that may be dealt.
   *
   * @param chance in 10,000; what costs a client its timeout is rare
   * @param ends the connection, and so whatever else is on it
   */
  private record Word(String name, int chance, Harm harm, boolean ends, Where where, Fault fault) {}

  private List<Word> vocabulary() {
    return List.of(
        new Word("reset", 400, Harm.WRITE, true, Where.ANYWHERE, Faults.reset()),
        new Word("FIN", 400, Harm.WRITE, true, Where.ANYWHERE, Faults.finish()),
        new Word("503", 200, Harm.WRITE, false, Where.ANYWHERE, Faults.reject(503, Map.of())),
        new Word(
            "503, Retry-After",
            100,
            Harm.WRITE,
            false,
            Where.ANYWHERE,
            Faults.reject(503, Map.of("Retry-After", "0"))),
        new Word("520", 200, Harm.WRITE, false, Where.ANYWHERE, Faults.reject(520, Map.of())),
        new Word("413 early", 100, Harm.WRITE, false, Where.POST, Faults.rejectBeforeBody(413)),
        new Word("half a body", 200, Harm.ANY, true, Where.ANYWHERE, Faults.halfBodyThenReset()),
        new Word("silence", 3, Harm.ANY, false, Where.ENFORCED, Faults.silence()),
        new Word(
            "FIN after the answer",
            300,
            Harm.NONE,
            true,
            Where.ANYWHERE,
            Faults.finishWhenIdle(Duration.ZERO)),
        new Word("reset after the answer", 300, Harm.NONE, true, Where.ANYWHERE, this::resetIdle),
        new Word(
            "vanishes after the answer",
            300,
            Harm.NONE,
            true,
            Where.FRESH,
            Faults.vanishWhenIdle(Duration.ZERO)),
        new Word(
            "slow",
            200,
            Harm.NONE,
            false,
            Where.ANYWHERE,
            Faults.answerAfter(Duration.ofMillis(50))),
        new Word("large", 100, Harm.NONE, false, Where.ANYWHERE, Faults.large(300_000)),
        new Word(
            "events",
            100,
            Harm.NONE,
            false,
            Where.ANYWHERE,
            Faults.events(3, Duration.ofMillis(10))),
        new Word(
            "late end",
            200,
            Harm.NONE,
            false,
            Where.FRESH_OR_HTTP_2,
            Faults.lateEndOfStream(Duration.ofMillis(5), "late")),
        new Word("gzip", 100, Harm.NONE, false, Where.ANYWHERE, Faults.gzip("packed")),
        new Word("redirect", 100, Harm.NONE, false, Where.GET, this::redirect),
        new Word("port closed", 10, Harm.NONE, false, Where.TLS, this::closePort),
        new Word("REFUSED_STREAM", 300, Harm.NONE, false, Where.HTTP_2, Faults.refuseStream()),
        new Word("GOAWAY below", 200, Harm.NONE, true, Where.FRESH_HTTP_2, Faults.goAwayBelow()),
        new Word(
            "GOAWAY covering", 200, Harm.WRITE, true, Where.FRESH_HTTP_2, Faults.goAwayCovering()),
        new Word(GOAWAY_AFTER, 50, Harm.NONE, false, Where.HTTP_2, Faults.goAwayAfterAnswer()));
  }

  FaultServer server() {
    return server;
  }

  /** From now on requests come from a client that is treated so. */
  void mode(Mode next) {
    mode = next;
    ended.clear();
    goneAway.clear();
    cameOn.clear();
    fates.clear();
    unansweredHandshakes.set(0);
    reused.set(0);
    marked.set(0);
  }

  private Admission admit(int number) {
    // Not Random, whose first numbers from seeds that follow each other are much alike.
    int chance = new SplittableRandom(seed * 31 + number).nextInt(4096);
    if (chance < 16) {
      return dealt("handshake reset", Admission.RESET);
    } else if (chance < 32) {
      return dealt("handshake dropped", Admission.HANG_UP);
    } else if (chance < 33 && mode.enforces()) {
      unansweredHandshakes.incrementAndGet();
      return dealt("handshake unanswered", Admission.IGNORE);
    }
    return Admission.SERVE;
  }

  @Override
  public Fault faultFor(Exchange exchange) {
    cameOn.put(exchange.id(), exchange.connectionNumber());
    if (exchange.requestNumber() > 1) {
      reused.incrementAndGet();
    }
    if (exchange.header("X-Retry-Count") != null) {
      marked.incrementAndGet();
    }
    if (exchange.id().startsWith(UNANSWERED)) {
      return dealt("silence until cancelled", Faults.silence());
    }
    if (exchange.arrival() > LAST_FAULT) {
      return Faults.answer();
    }
    SplittableRandom random =
        new SplittableRandom(
            seed * 31 + exchange.id().hashCode() * 1_000_003L + exchange.arrival());
    int chance = random.nextInt(10_000);
    for (Word word : words) {
      chance -= word.chance();
      if (chance < 0) {
        return applies(word, exchange, random) ? deal(word, exchange) : Faults.answer();
      }
    }
    return Faults.answer();
  }

  private boolean applies(Word word, Exchange exchange, SplittableRandom random) {
    boolean http2 = server.protocol() == Protocol.TLS_H2;
    boolean shared = http2 && mode == Mode.VALIDATED;
    if (shared && word.ends() && random.nextInt(SHARED) > 0) {
      return false;
    }
    return switch (word.where()) {
      case ANYWHERE -> true;
      case HTTP_2 -> http2;
      case TLS -> server.protocol().tls();
      case GET -> exchange.method().equals("GET");
      case POST -> exchange.method().equals("POST");
      case ENFORCED -> mode.enforces();
      case FRESH -> mode.fresh();
      case FRESH_HTTP_2 -> mode.fresh() && http2;
      case FRESH_OR_HTTP_2 -> mode.fresh() || http2;
    };
  }

  private Fault deal(Word word, Exchange exchange) {
    if (word.harm() != Harm.NONE) {
      lostWrites.add(exchange.id());
    }
    if (word.harm() == Harm.ANY) {
      lostReads.add(exchange.id());
    }
    if (word.name().equals(GOAWAY_AFTER)) {
      goneAway.add(exchange.connectionNumber());
    }
    if (word.ends()) {
      ended.putIfAbsent(exchange.connectionNumber(), exchange.id());
    }
    fates.merge(exchange.id(), word.name(), (before, now) -> before + ", " + now);
    return dealt(word.name(), word.fault());
  }

  private <T> T dealt(String name, T what) {
    dealt.merge(name, 1, Integer::sum);
    return what;
  }

  /** Elsewhere each time: Apache HttpClient follows no redirect to where it has been. */
  private void redirect(Exchange exchange) {
    Faults.reject(302, Map.of("Location", "/?hop=" + exchange.arrival())).serve(exchange);
  }

  /** Late enough that even a slow client has read the answer; a reset destroys what was not. */
  private void resetIdle(Exchange exchange) {
    Faults.answer().serve(exchange);
    exchange.idleFault(
        Duration.ofMillis(500),
        () -> {
          if (exchange.isLastOfConnection()) {
            exchange.reset();
          }
        });
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What fails here shows as a port that is closed.
  private void closePort(Exchange exchange) {
    Faults.answer().serve(exchange);
    outages.execute(server::closePort);
    outages.schedule(server::listen, PORT_CLOSED_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Adds what became of a burst of GETs at even and POSTs at odd places. */
  void account(String prefix, List<CallResult> results, Figures figures) {
    for (int i = 0; i < results.size(); i++) {
      String id = prefix + i;
      boolean write = i % 2 == 1;
      CallResult result = results.get(i);
      if (result.text().startsWith("ok ") && !result.text().equals("ok " + id)) {
        figures.wrong("the answer of another request: " + id + ": " + result.text());
      }
      if (mode.enforces()) {
        enforced(id, write, result, figures);
      } else {
        alone(id, write, result, figures);
      }
      lostWrites.remove(id);
      lostReads.remove(id);
    }
    if (mode.fresh() && reused.get() > 0) {
      figures.wrong(mode + ", and requests came on a connection that had served: " + reused);
    }
    if (!mode.enforces() && marked.get() > 0) {
      figures.wrong(mode + ", and requests were marked as tried again: " + marked);
    }
    figures.marked += marked.getAndSet(0);
  }

  private void enforced(String id, boolean write, CallResult result, Figures figures) {
    Ledger ledger = server.ledger();
    figures.issued++;
    if (result.ok()) {
      figures.succeeded++;
      if (write && ledger.applied(id) != 1) {
        figures.wrong("answered and applied " + ledger.applied(id) + " times: " + id);
      }
    } else if ((write ? lostWrites : lostReads).contains(id)) {
      figures.refused++;
    } else if ((ledger.arrivals(id) == 0 || timedOut(result))
        && unansweredHandshakes.getAndDecrement() > 0) {
      // Of any attempt: it takes all the time that there is for connecting.
      figures.refused++;
    } else if (metAnEnd(id, write) || gaveAnAnswerUp(id)) {
      figures.refused++;
      figures.raced++;
    } else {
      figures.lost++;
      figures.wrong(mode + ", lost though savable: " + told(id) + ": " + result);
    }
    if (write && ledger.applied(id) > 1) {
      figures.duplicates++;
      figures.wrong(mode + ", applied " + ledger.applied(id) + " times: " + told(id));
    }
  }

  private static boolean timedOut(CallResult result) {
    return result.failed() && String.valueOf(result.failure()).contains("Timeout");
  }

  private String told(String id) {
    return id + ", " + server.ledger().arrivals(id) + " arrivals, dealt " + fates.get(id);
  }

  /** The connections that are open, and what came on each last; the first of them, if many. */
  String leftAfter(int number) {
    List<Integer> open = server.ledger().openNumbersAfter(number);
    StringBuilder left = new StringBuilder().append(open.size());
    for (int each : open.subList(0, Math.min(open.size(), SHOWN))) {
      left.append("; ").append(each).append(": ");
      cameOn.forEach(
          (id, connection) -> {
            if (connection == each) {
              left.append(told(id)).append(' ');
            }
          });
    }
    return left.toString();
  }

  /**
   * Whether a kept connection ended, for another request's sake, when this one had just been
   * written: nobody could tell that from one that was processed.
   */
  private boolean metAnEnd(String id, boolean write) {
    if (mode != Mode.VALIDATED || ended.isEmpty()) {
      return false;
    }
    if (server.ledger().arrivals(id) == 0) {
      return write;
    }
    String endedFor = ended.get(cameOn.getOrDefault(id, 0));
    return endedFor != null
        && !endedFor.equals(id)
        && (write || server.protocol() == Protocol.TLS_H2);
  }

  /**
   * Whether the client may have had the whole answer and given it up: over HTTP/2 java.net.http
   * ends with an error what its application has not taken yet when the connection ends, and up to
   * 17.0.15 also when the peer has said that it is going to. The headers were there, so that
   * nothing is tried again.
   */
  private boolean gaveAnAnswerUp(String id) {
    return server.protocol() == Protocol.TLS_H2
        && clientGivesAnswersUp
        && (fates.getOrDefault(id, "").endsWith(" after the answer")
            || goneAway.contains(cameOn.getOrDefault(id, 0)));
  }

  /**
   * Whether the client forgets connections without closing them: over HTTP/2 java.net.http of
   * 17.0.15 left up to 49 open of a round in {@code mode=off}, that of 25 none.
   */
  boolean clientLeavesOpen() {
    return server.protocol() == Protocol.TLS_H2 && clientGivesAnswersUp;
  }

  /** What the client does by itself is its own affair, and only counted. */
  private void alone(String id, boolean write, CallResult result, Figures figures) {
    figures.alone++;
    if (result.ok()) {
      figures.aloneSucceeded++;
    }
    CallResult.Failure failure = result.failure();
    if (failure != null && failure.type().equals(InterruptedException.class.getName())) {
      System.out.println("  " + mode + ", " + id + ": never ended by itself");
    }
    if (write && server.ledger().applied(id) > 1) {
      figures.aloneDuplicates++;
    }
  }

  @Override
  public void close() {
    outages.shutdown();
    try {
      if (!outages.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the port was not opened again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.close();
  }

  @Override
  public String toString() {
    return server.protocol() + ": " + new TreeMap<>(dealt);
  }
}
