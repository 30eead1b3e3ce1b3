package dev.featuremap.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What can be said of the predictions of a set besides loss and accuracy, as scikit-learn defines
 * it.
 *
 * <p>Means over classes count each class alike, however many images it has ("macro"): precision,
 * recall and F1 over the classes that an image has or is taken for, the area under the curve over
 * those that some images have and some have not.
 *
 * @param top5 share of images whose class is among the 5 of highest probability; NaN for at most 5
 *     classes, where it says nothing
 * @param precision mean of the classes
 * @param recall mean of the classes, also called balanced accuracy where each class has images
 * @param f1 mean of the classes
 * @param auc area under the receiver operating characteristic, each class against all others, mean
 *     of the classes; of two classes that of the second; NaN where no class has one
 * @param logLoss see {@link ProbabilityTally#logLoss}
 * @param calibrationError see {@link ProbabilityTally#calibrationError}
 * @param classes each class
 */
public record ClassificationMetrics(
    double top5,
    double precision,
    double recall,
    double f1,
    double auc,
    double logLoss,
    double calibrationError,
    List<ClassMetrics> classes) {

  /** Copies the list. */
  public ClassificationMetrics {
    classes = List.copyOf(classes);
  }

  /**
   * Joins what was counted of a set; takes time and memory for the pairs that occurred, and for the
   * classes once.
   *
   * @param areas of each class, as {@link RankTally#areas} gives them
   */
  public static ClassificationMetrics of(
      ConfusionMatrix confusion, ProbabilityTally probabilities, double[] areas) {
    int count = confusion.classes();
    long[] images = new long[count];
    long[] predicted = new long[count];
    long[] hits = new long[count];
    confusion.forEach(
        (actual, taken, times) -> {
          images[actual] += times;
          predicted[taken] += times;
          hits[actual] += actual == taken ? times : 0;
        });
    List<ClassMetrics> classes = new ArrayList<>(count);
    for (int c = 0; c < count; c++) {
      classes.add(
          new ClassMetrics(
              images[c],
              predicted[c],
              ratio(hits[c], predicted[c]),
              ratio(hits[c], images[c]),
              ratio(2 * hits[c], images[c] + predicted[c]),
              areas[c]));
    }
    Predicate<ClassMetrics> occurs = one -> one.images() + one.predicted() > 0;
    return new ClassificationMetrics(
        probabilities.top5(),
        mean(classes, occurs, ClassMetrics::precision),
        mean(classes, occurs, ClassMetrics::recall),
        mean(classes, occurs, ClassMetrics::f1),
        count == 2 ? areas[1] : mean(classes, one -> !Double.isNaN(one.auc()), ClassMetrics::auc),
        probabilities.logLoss(),
        probabilities.calibrationError(),
        classes);
  }

  private static double mean(
      List<ClassMetrics> classes,
      Predicate<ClassMetrics> counts,
      ToDoubleFunction<ClassMetrics> value) {
    // Not a stream's average, which adds in another order where there are many.
    double sum = 0;
    int number = 0;
    for (ClassMetrics one : classes) {
      if (counts.test(one)) {
        sum += value.applyAsDouble(one);
        number++;
      }
    }
    return sum / number;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
