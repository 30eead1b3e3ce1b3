package dev.featuremap.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionMatrixTest {

  @Test
  void countsByActualAndPredictedClass() {
    ConfusionMatrix matrix = twoRightOneWrong();

    assertThat(counts(matrix)).containsExactly(1, 1, 0, 0, 1, 0, 0, 0, 0);
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
    matrix.merge(twoRightOneWrong());

    assertThat(counts(matrix)).containsExactly(2, 2, 0, 0, 2, 0, 0, 0, 0);
  }

  @Test
  void countsFewImagesOfManyClassesInLittleMemory() {
    ConfusionMatrix matrix = new ConfusionMatrix(46_341);
    for (int image = 0; image < 5_000; image++) {
      matrix.add(46_340 - image % 3_000, image * 7);
      matrix.add(46_340, 46_340);
    }
    ConfusionMatrix total = new ConfusionMatrix(46_341);
    total.merge(matrix);
    total.merge(matrix);

    assertThat(total.images()).isEqualTo(20_000);
    assertThat(total.count(46_340, 46_340)).isEqualTo(10_000);
    assertThat(total.count(46_340, 0)).isEqualTo(2);
    assertThat(total.count(46_340, 21_000)).isEqualTo(2);
    assertThat(total.count(46_340, 1)).isZero();
    assertThat(total.accuracy()).isEqualTo(0.5);
    assertThat(total.recall(46_340)).isEqualTo(10_000 / 10_004.0);
    assertThat(total.precision(46_340)).isEqualTo(10_000 / 10_000.0);
    assertThat(ConfusionMatrix.mostBytes(46_341, 10_000)).isLessThan(1 << 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 45, 46, 64, 100, 300})
  void countsAsATableOfAllPairsDoes(int classes) {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    long[] expected = new long[classes * classes];
    Random random = new Random(classes);
    for (int image = 0; image < 50_000; image++) {
      int actual = random.nextInt(classes);
      int predicted = random.nextInt(classes) * random.nextInt(2);
      matrix.add(actual, predicted);
      expected[actual * classes + predicted]++;
    }

    assertThat(counts(matrix)).isEqualTo(expected);
    AtomicLong seen = new AtomicLong();
    matrix.forEach(
        (actual, predicted, count) -> {
          assertThat(count).isEqualTo(expected[actual * classes + predicted]);
          seen.addAndGet(count);
        });
    assertThat(seen).hasValue(50_000);
  }

  @Test
  void takesNoMoreMemoryThanATableOfAllPairs() {
    assertThat(ConfusionMatrix.mostBytes(10, Long.MAX_VALUE / 64)).isEqualTo(1_600);
    assertThat(ConfusionMatrix.mostBytes(1_000, 1_000_000_000)).isEqualTo(16_000_000);
    assertThat(ConfusionMatrix.mostBytes(10_000, 1_000)).isEqualTo(72_192);
  }

  @Test
  void findsThePairsThatAreConfusedMost() {
    ConfusionMatrix matrix = twoRightOneWrong();
    matrix.add(2, 1);
    matrix.add(2, 0);
    matrix.add(2, 0);

    assertThat(matrix.mostConfused(2))
        .containsExactly(new ConfusedPair(2, 0, 2), new ConfusedPair(0, 1, 1));
  }

  @Test
  void writesTheWorstPairsOfManyClasses() {
    ConfusionMatrix matrix = new ConfusionMatrix(10_000);
    matrix.add(9_999, 9_999);
    matrix.add(9_999, 0);
    matrix.add(7, 9_999);
    matrix.add(7, 9_999);
    List<String> names = IntStream.range(0, 10_000).mapToObj(label -> "class-" + label).toList();

    assertThat(ConfusionTable.of(matrix, names))
        .isEqualTo(
            """
            accuracy of 10,000 classes 0.2500; those that are confused most:
                  class  taken for    images    recall precision
                class-7 class-9999         2    0.0000    0.3333
             class-9999    class-0         1    0.5000    0.0000
            """);
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
    assertThatThrownBy(() -> new ConfusionMatrix(3).merge(new ConfusionMatrix(2)))
        .hasMessage("Cannot merge confusion matrices: expected 3 classes, got 2.");
  }

  @Test
  void refusesAMatrixWithoutClasses() {
    assertThatThrownBy(() -> new ConfusionMatrix(0))
        .hasMessage("Cannot make a confusion matrix: expected at least 1 class, got 0.");
  }

  @Test
  void refusesATableWithTooFewNames() {
    assertThatThrownBy(() -> ConfusionTable.of(new ConfusionMatrix(2), List.of("a")))
        .hasMessage("Cannot label a confusion matrix: expected 2 class names, got 1.");
  }

  private static long[] counts(ConfusionMatrix matrix) {
    int classes = matrix.classes();
    return IntStream.range(0, classes * classes)
        .mapToLong(pair -> matrix.count(pair / classes, pair % classes))
        .toArray();
  }

  private static ConfusionMatrix twoRightOneWrong() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(0, 0);
    matrix.add(0, 1);
    matrix.add(1, 1);
    return matrix;
  }
}
