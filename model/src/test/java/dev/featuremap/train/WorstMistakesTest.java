package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorstMistakesTest {
  private final WorstMistakes mistakes = new WorstMistakes(2);

  @Test
  void keepsTheWorstInOrder() {
    add(1, 0.5f);
    add(2, 3f);
    add(3, 2f);

    assertThat(mistakes.list()).extracting(Mistake::record).containsExactly(2L, 3L);
    assertThat(mistakes.takes(1.9f)).isFalse();
    assertThat(mistakes.takes(2.1f)).isTrue();
  }

  @Test
  void keepsTheSmallerRecordsOfEquals() {
    add(7, 1f);
    add(2, 1f);
    add(5, 1f);

    assertThat(mistakes.list()).extracting(Mistake::record).containsExactly(2L, 5L);
  }

  @Test
  void takesNoImageThatIsRight() {
    assertThat(mistakes.takes(0f)).isFalse();
    assertThat(mistakes.takes(Float.NaN)).isFalse();
  }

  private void add(long record, float margin) {
    mistakes.add(new Mistake(record, 0, 0, 1, margin));
  }
}
