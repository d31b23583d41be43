package dev.freshwire.it.contract;

import dev.freshwire.it.faults.Exchange;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Ledger;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Faults by chance. What happens to an arrival depends on the seed, the request's id and the number
 * of the arrival alone, so a run can be repeated however its threads interleave.
 */
final class RandomFaults implements Script {
  /** At the last of three attempts nothing goes wrong any more. */
  private static final int ATTEMPTS = 3;

  private final long seed;
  private final Protocol protocol;
  private final boolean answersGivenUp;
  private final Set<String> unsavable = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<String, Integer> dealt = new ConcurrentHashMap<>();

  /** By id: as which attempt each arrival came, and what it met. */
  private final ConcurrentMap<String, String> fates = new ConcurrentHashMap<>();

  private RandomFaults(long seed, Protocol protocol, boolean answersGivenUp) {
    this.seed = seed;
    this.protocol = protocol;
    this.answersGivenUp = answersGivenUp;
  }

  /**
   * Seeded by the system property {@code freshwire.test.seed}, otherwise by the clock.
   *
   * @param answersGivenUp whether the client may fail a whole response whose connection has ended
   */
  static RandomFaults seeded(Protocol protocol, boolean answersGivenUp) {
    long seed = Long.getLong("freshwire.test.seed", System.nanoTime());
    RandomFaults faults = new RandomFaults(seed, protocol, answersGivenUp);
    System.out.println("random faults, " + protocol + ": -Dfreshwire.test.seed=" + seed);
    return faults;
  }

  @Override
  public Fault faultFor(Exchange exchange) {
    String retry = exchange.header("X-Retry-Count");
    told(exchange, "attempt " + (retry == null ? "0" : retry));
    if (exchange.arrival() >= ATTEMPTS) {
      return Faults.answer();
    }
    long mixed = seed * 31 + exchange.id().hashCode() * 1_000_003L + exchange.arrival();
    int chance = new Random(mixed).nextInt(100);
    if (chance < 5) {
      return deal(exchange, "reset", Faults.reset());
    } else if (chance < 10) {
      return deal(exchange, "finish", Faults.finish());
    } else if (chance < 13) {
      return deal(exchange, "503", Faults.reject(503, Map.of()));
    } else if (chance < 15) {
      return deal(exchange, "520", Faults.reject(520, Map.of()));
    } else if (chance < 18) {
      if (answersGivenUp) {
        unsavable.add(exchange.id());
      }
      return deal(exchange, "FIN after the answer", Faults.finishWhenIdle(Duration.ZERO));
    } else if (chance < 20) {
      unsavable.add(exchange.id());
      return deal(exchange, "half a body", Faults.halfBodyThenReset());
    } else if (chance < 23 && protocol == Protocol.TLS_H2) {
      return deal(exchange, "REFUSED_STREAM", Faults.refuseStream());
    } else if (chance < 25 && protocol == Protocol.TLS_H2) {
      return deal(exchange, "GOAWAY below", Faults.goAwayBelow());
    }
    return Faults.answer();
  }

  private Fault deal(Exchange exchange, String name, Fault fault) {
    dealt.merge(name, 1, Integer::sum);
    told(exchange, name);
    return fault;
  }

  private void told(Exchange exchange, String what) {
    fates.merge(exchange.id(), what, (before, now) -> before + ", " + now);
  }

  /** The GETs, at even places, that got no 200 although no response of theirs was cut. */
  List<String> lostReads(List<CallResult> results) {
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < results.size(); i += 2) {
      if (!results.get(i).ok() && !unsavable.contains("r" + i)) {
        lost.add("r" + i + ": " + results.get(i) + " after " + fates.get("r" + i));
      }
    }
    return lost;
  }

  /** The POSTs, at odd places, that the server applied more than once. */
  List<String> writesAppliedTwice(Ledger ledger) {
    return ledger.appliedTwice().keySet().stream()
        .filter(id -> Integer.parseInt(id.substring(1)) % 2 == 1)
        .toList();
  }

  /** The POSTs whose caller was told that they succeeded and that were not applied. */
  List<String> writesNotAsAnswered(List<CallResult> results, Ledger ledger) {
    List<String> wrong = new ArrayList<>();
    for (int i = 1; i < results.size(); i += 2) {
      if (results.get(i).ok() && ledger.applied("r" + i) != 1) {
        wrong.add("r" + i);
      }
    }
    return wrong;
  }

  @Override
  public String toString() {
    return "seed " + seed + ", dealt " + new TreeMap<>(dealt);
  }
}
