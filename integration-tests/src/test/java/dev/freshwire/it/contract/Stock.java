package dev.freshwire.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;

/** What becomes of a call without the agent: the harm that a row is there to show. */
@SuppressWarnings("ImmutableEnumChecker") // A function without state.
public enum Stock {
  /** The client copes by itself as the table wants it; nothing to show. */
  COPES(stage -> {}),
  /** The caller gets an exception for a request that could have been saved. */
  LOST(stage -> assertThat(stage.result().failed()).as("failed: %s", stage).isTrue()),
  /** A write is applied more than once. */
  DOUBLED(
      stage ->
          assertThat(stage.ledger().appliedTwice()).as("applied twice: %s", stage).isNotEmpty()),
  /** What the server turned away arrives again, though the agent's policy would not repeat it. */
  SENT_AGAIN(
      stage ->
          assertThat(stage.ledger().arrivals(Stage.MAIN))
              .as("arrivals: %s", stage)
              .isGreaterThan(1)),
  /** The server's passing trouble is handed to the caller. */
  HANDED_ON(stage -> assertThat(stage.result().status()).as("status: %s", stage).isIn(503, 520)),
  /** The call is still waiting when with the agent it would long have ended. */
  HANGS(stage -> assertThat(stage.result().pending()).as("waiting: %s", stage).isTrue()),
  /** Now one, now the other: it depends on which of the client's threads sees the fault first. */
  BY_CHANCE(stage -> {});

  private final Consumer<Stage> shown;

  Stock(Consumer<Stage> shown) {
    this.shown = shown;
  }

  void assertShown(Stage stage) {
    shown.accept(stage);
  }
}
