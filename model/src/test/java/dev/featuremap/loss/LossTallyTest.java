package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossTallyTest {

  @Test
  void averagesOverImages() {
    LossTally tally = new LossTally();
    tally.add(1.5, true);
    tally.add(0.5, false);

    assertThat(tally.meanLoss()).isEqualTo(1);
    assertThat(tally.correct()).isEqualTo(1);
  }

  @Test
  void addsTheSumsOfAnotherTally() {
    LossTally tally = new LossTally();
    tally.add(1, true);
    tally.add(3, 5, 7);

    assertThat(tally.lossSum()).isEqualTo(4);
    assertThat(tally.correct()).isEqualTo(6);
    assertThat(tally.images()).isEqualTo(8);
  }

  @Test
  void hasNoMeanWithoutImages() {
    assertThat(new LossTally().meanLoss()).isNaN();
  }
}
