package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTest {

  @Test
  void spansTheWholeEpochUnlessTold() {
    assertThat(Round.ofEpoch(4, 7, SyncRule.EPOCH))
        .containsExactly(new Round(4, 0, 0, 7, 7, false, false));
  }

  @Test
  void endsWithAShorterRound() {
    assertThat(Round.ofEpoch(4, 7, new SyncRule(3)))
        .containsExactly(
            new Round(4, 0, 0, 3, 7, false, false),
            new Round(4, 1, 3, 3, 7, false, false),
            new Round(4, 2, 6, 1, 7, false, false));
  }

  @Test
  void stopsAtTheEpochsEnd() {
    assertThat(Round.ofEpoch(0, 7, new SyncRule(999_999_999)))
        .containsExactly(new Round(0, 0, 0, 7, 7, false, false));
  }

  @Test
  void sharesGradientsWhenItIsOneStepByRule() {
    assertThat(Round.ofEpoch(2, 3, new SyncRule(1)))
        .containsExactly(
            new Round(2, 0, 0, 1, 3, true, false),
            new Round(2, 1, 1, 1, 3, true, false),
            new Round(2, 2, 2, 1, 3, true, false));
  }

  @Test
  void countsTheStepsOfAnEpochUpwards() {
    assertThat(Round.stepsPerEpoch(64, 32)).isEqualTo(2);
    assertThat(Round.stepsPerEpoch(65, 32)).isEqualTo(3);
    assertThat(Round.stepsPerEpoch(1, 32)).isEqualTo(1);
  }

  @Test
  void countsTheImagesThatAShardGives() {
    List<Round> rounds = Round.ofEpoch(0, 4, new SyncRule(3));

    assertThat(rounds).extracting(round -> round.images(40, 10)).containsExactly(30, 10);
    assertThat(rounds).extracting(round -> round.images(39, 10)).containsExactly(30, 9);
    assertThat(rounds).extracting(round -> round.images(29, 10)).containsExactly(29, 0);
    assertThat(new Round(0, 1, 999_999_999, 1, 1_000_000_000, false, false).images(40, 1 << 20))
        .isZero();
  }

  @Test
  void numbersStepsThroughTheRunFromOne() {
    assertThat(new Round(0, 0, 0, 7, 7, false, false).updateNumber(0)).isEqualTo(1);
    assertThat(new Round(2, 0, 0, 7, 7, false, false).updateNumber(6)).isEqualTo(21);
    assertThat(new Round(1_000_000, 0, 0, 7, 10_000, false, false).updateNumber(0))
        .isEqualTo(10_000_000_001L);
  }

  @Test
  void numbersUpdatesAnewInEachRoundThatRestartsTheOptimizer() {
    Round second = Round.ofEpoch(2, 7, new SyncRule(3), true).get(1);

    assertThat(second).isEqualTo(new Round(2, 1, 3, 3, 7, false, true));
    assertThat(second.updateNumber(3)).isEqualTo(1);
    assertThat(second.updateNumber(5)).isEqualTo(3);
    assertThat(second.epochAt(3)).isEqualTo(2 + 3 / 7.0);
  }

  @Test
  void restartsNoOptimizerThatTheDriverHolds() {
    assertThat(Round.ofEpoch(0, 2, new SyncRule(1), true))
        .isEqualTo(Round.ofEpoch(0, 2, new SyncRule(1)));
  }

  @Test
  void tellsTheTimeInEpochs() {
    Round round = new Round(3, 1, 4, 4, 8, false, false);

    assertThat(round.epochAt(0)).isEqualTo(3);
    assertThat(round.epochAt(6)).isEqualTo(3.75);
  }
}
