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
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * One server that does to each arrival what the seed, the request's id and the number of the
 * arrival say, and knows afterwards which requests could have been saved.
 */
final class Chaos implements Script {
  /** From this arrival on nothing goes wrong: within the attempts that the agent is given. */
  private static final int LAST_FAULT = 2;

  private final long seed;
  private final FaultServer server;
  private final ConcurrentMap<String, Integer> dealt = new ConcurrentHashMap<>();

  /** Requests of which a fault cannot be hidden: from a GET, and from a request that writes. */
  private final Set<String> lostReads = ConcurrentHashMap.newKeySet();

  private final Set<String> lostWrites = ConcurrentHashMap.newKeySet();

  Chaos(long seed, Protocol protocol) {
    this.seed = seed;
    this.server = FaultServer.start(protocol, this);
    if (protocol.tls()) {
      // One handshake in 128 fails; which, the seed says. Without TLS the request may have left.
      server.admission(
          number -> {
            long mixed = new Random(seed * 31 + number).nextLong() & 255;
            return mixed == 0 ? Admission.RESET : mixed == 1 ? Admission.HANG_UP : Admission.SERVE;
          });
    }
  }

  FaultServer server() {
    return server;
  }

  @Override
  public Fault faultFor(Exchange exchange) {
    if (exchange.arrival() > LAST_FAULT) {
      return Faults.answer();
    }
    long mixed = seed * 31 + exchange.id().hashCode() * 1_000_003L + exchange.arrival();
    int chance = new Random(mixed).nextInt(1000);
    if (chance < 40) {
      return afterSending(exchange, "reset", Faults.reset());
    } else if (chance < 80) {
      return afterSending(exchange, "FIN", Faults.finish());
    } else if (chance < 100) {
      return afterSending(exchange, "503", Faults.reject(503, Map.of()));
    } else if (chance < 110) {
      return afterSending(exchange, "503, Retry-After", Faults.reject(503, RETRY_AFTER));
    } else if (chance < 130) {
      return afterSending(exchange, "520", Faults.reject(520, Map.of()));
    } else if (chance < 150) {
      return unsavable(exchange, "half a body", Faults.halfBodyThenReset());
    } else if (chance < 152) {
      return unsavable(exchange, "silence", Faults.silence());
    } else if (chance < 180) {
      return deal("FIN after the answer", Faults.finishWhenIdle(Duration.ZERO));
    } else if (chance < 210) {
      return deal("reset after the answer", Faults.resetWhenIdle(Duration.ofMillis(50)));
    } else if (chance < 240) {
      return deal("vanishes after the answer", Faults.vanishWhenIdle(Duration.ZERO));
    } else if (chance < 260) {
      return deal("slow", Faults.answerAfter(Duration.ofMillis(50)));
    } else if (chance < 270) {
      return deal("large", Faults.large(300_000));
    } else if (chance < 280) {
      return deal("events", Faults.events(3, Duration.ofMillis(10)));
    } else if (chance < 300) {
      return deal("late end", Faults.lateEndOfStream(Duration.ofMillis(5), "late"));
    } else if (server.protocol() == Protocol.TLS_H2) {
      if (chance < 330) {
        return deal("REFUSED_STREAM", Faults.refuseStream());
      } else if (chance < 350) {
        return deal("GOAWAY below", Faults.goAwayBelow());
      } else if (chance < 370) {
        return afterSending(exchange, "GOAWAY covering", Faults.goAwayCovering());
      }
    }
    return Faults.answer();
  }

  private static final Map<String, String> RETRY_AFTER = Map.of("Retry-After", "0");

  private Fault afterSending(Exchange exchange, String name, Fault fault) {
    lostWrites.add(exchange.id());
    return deal(name, fault);
  }

  private Fault unsavable(Exchange exchange, String name, Fault fault) {
    lostReads.add(exchange.id());
    return afterSending(exchange, name, fault);
  }

  private Fault deal(String name, Fault fault) {
    dealt.merge(name, 1, Integer::sum);
    return fault;
  }

  /** Adds what became of a burst of GETs at even and POSTs at odd places. */
  void account(String prefix, List<CallResult> results, Figures figures) {
    Ledger ledger = server.ledger();
    for (int i = 0; i < results.size(); i++) {
      String id = prefix + i;
      boolean write = i % 2 == 1;
      CallResult result = results.get(i);
      figures.issued++;
      if (result.ok()) {
        figures.succeeded++;
        if (write && ledger.applied(id) != 1) {
          figures.wrong("answered and applied " + ledger.applied(id) + " times: " + id);
        }
      } else if ((write ? lostWrites : lostReads).contains(id)) {
        figures.refused++;
      } else {
        figures.lost++;
        figures.wrong("lost though savable: " + id + ": " + result);
      }
      if (write && ledger.applied(id) > 1) {
        figures.duplicates++;
        figures.wrong("applied " + ledger.applied(id) + " times: " + id);
      }
      lostWrites.remove(id);
      lostReads.remove(id);
    }
  }

  @Override
  public String toString() {
    return server.protocol() + ": " + new TreeMap<>(dealt);
  }
}
