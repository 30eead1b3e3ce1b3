package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyncRuleTest {

  @ParameterizedTest
  @ValueSource(strings = {"epoch", "1 step", "2 steps", "16 steps", "999999999 steps"})
  void writesWhatItReads(String text) {
    assertThat(SyncRule.parse(text)).map(SyncRule::toString).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "epochs",
        "Epoch",
        "0 steps",
        "-1 steps",
        "1.5 steps",
        "3",
        "1000000000 steps"
      })
  void refusesAnythingElse(String text) {
    assertThat(SyncRule.parse(text)).isEmpty();
  }

  @Test
  void takesStepForSteps() {
    assertThat(SyncRule.parse("16 step")).contains(new SyncRule(16));
    assertThat(SyncRule.parse("1 steps")).contains(new SyncRule(1));
  }

  @Test
  void sharesGradientsOnlyInRoundsOfOneStep() {
    assertThat(new SyncRule(1).sharesGradients()).isTrue();
    assertThat(new SyncRule(2).sharesGradients()).isFalse();
    assertThat(SyncRule.EPOCH.sharesGradients()).isFalse();
  }
}
