package dev.featuremap.job.commands.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankedClassTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @Test
  void putsTheLargestFirstAndOfEqualsTheFirst() {
    assertThat(largest(3, 1, 5, 1, 5)).containsExactly(1, 3, 0);
  }

  @Test
  void givesAllWhereThereAreFewer() {
    assertThat(largest(9, 1, 2, 3, 4)).containsExactly(3, 2, 1, 0);
  }

  @Test
  void bringsNameAndProbability() {
    assertThat(RankedClass.largest(1, new float[] {0, 1}, new float[] {0.25f, 0.75f}, NAMES))
        .containsExactly(new RankedClass(1, "b", 0.75f));
  }

  private static List<Integer> largest(int most, float... logits) {
    return RankedClass.largest(most, logits, logits, NAMES).stream()
        .map(RankedClass::prediction)
        .toList();
  }
}
