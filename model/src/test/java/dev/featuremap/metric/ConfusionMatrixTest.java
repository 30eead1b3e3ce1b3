package dev.featuremap.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {

  @Test
  void countsByActualAndPredictedClass() {
    ConfusionMatrix matrix = twoRightOneWrong();

    assertThat(matrix.counts()).containsExactly(1, 1, 0, 0, 1, 0, 0, 0, 0);
    assertThat(matrix.count(0, 1)).isEqualTo(1);
    assertThat(matrix.images()).isEqualTo(3);
  }

  @Test
  void givesAccuracyPrecisionAndRecall() {
    ConfusionMatrix matrix = twoRightOneWrong();

    assertThat(matrix.accuracy()).isEqualTo(2.0 / 3);
    assertThat(matrix.precision(0)).isEqualTo(1);
    assertThat(matrix.recall(0)).isEqualTo(0.5);
    assertThat(matrix.precision(1)).isEqualTo(0.5);
    assertThat(matrix.recall(1)).isEqualTo(1);
  }

  @Test
  void givesZeroWhereThereIsNothingToDivideBy() {
    ConfusionMatrix matrix = twoRightOneWrong();

    assertThat(matrix.precision(2)).isZero();
    assertThat(matrix.recall(2)).isZero();
    assertThat(new ConfusionMatrix(3).accuracy()).isZero();
  }

  @Test
  void mergesTheCountsOfAnother() {
    ConfusionMatrix matrix = twoRightOneWrong();
    matrix.merge(twoRightOneWrong().counts());

    assertThat(matrix.counts()).containsExactly(2, 2, 0, 0, 2, 0, 0, 0, 0);
  }

  @Test
  void handsOutCopiesOfItsCounts() {
    ConfusionMatrix matrix = twoRightOneWrong();
    matrix.counts()[0] = 99;

    assertThat(matrix.count(0, 0)).isEqualTo(1);
  }

  @Test
  void writesATable() {
    assertThat(ConfusionTable.of(twoRightOneWrong(), List.of("cat", "dog", "ant")))
        .isEqualTo(
            """
                         cat    dog    ant    recall
                  cat      1      1      0    0.5000
                  dog      0      1      0    1.0000
                  ant      0      0      0    0.0000
            precision 1.0000 0.5000 0.0000    0.6667
            """);
  }

  @Test
  void refusesClassesOutOfRange() {
    assertThatThrownBy(() -> new ConfusionMatrix(3).add(1, 3))
        .hasMessage("Cannot count class 1 predicted as 3: expected classes 0 to 2.");
    assertThatThrownBy(() -> new ConfusionMatrix(3).count(-1, 0))
        .hasMessage("Cannot count class -1 predicted as 0: expected classes 0 to 2.");
  }

  @Test
  void refusesCountsOfAnotherSize() {
    assertThatThrownBy(() -> new ConfusionMatrix(3).merge(new long[4]))
        .hasMessage("Cannot merge confusion matrices: expected 9 counts of 3 classes, got 4.");
  }

  @Test
  void refusesAMatrixWithoutClasses() {
    assertThatThrownBy(() -> new ConfusionMatrix(0))
        .hasMessage("Cannot make a confusion matrix: expected 1 to 46340 classes, got 0.");
  }

  @Test
  void refusesATableWithTooFewNames() {
    assertThatThrownBy(() -> ConfusionTable.of(new ConfusionMatrix(2), List.of("a")))
        .hasMessage("Cannot label a confusion matrix: expected 2 class names, got 1.");
  }

  private static ConfusionMatrix twoRightOneWrong() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(0, 0);
    matrix.add(0, 1);
    matrix.add(1, 1);
    return matrix;
  }
}
