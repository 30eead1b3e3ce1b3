package dev.featuremap.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What can be said of the predictions of a set besides loss and accuracy, as scikit-learn defines
 * it.
 *
 * <p>Means over classes count each class alike, however many images it has ("macro"): precision,
 * recall and F1 over the classes that an image has or is taken for (of images with several labels
 * over all classes), the area under the curve over those that some images have and some have not.
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
 * @param several what is known only where images may have several labels; top-5 accuracy and
 *     calibration error are NaN then, and the logarithmic loss is the mean of all decisions
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
    Optional<SeveralLabelsMetrics> several,
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
      classes.add(ofClass(images[c], predicted[c], hits[c], areas[c], Double.NaN));
    }
    return new ClassificationMetrics(
        probabilities.top5(),
        mean(classes, ClassificationMetrics::occurs, ClassMetrics::precision),
        mean(classes, ClassificationMetrics::occurs, ClassMetrics::recall),
        mean(classes, ClassificationMetrics::occurs, ClassMetrics::f1),
        count == 2 ? areas[1] : mean(classes, ClassificationMetrics::hasArea, ClassMetrics::auc),
        probabilities.logLoss(),
        probabilities.calibrationError(),
        Optional.empty(),
        classes);
  }

  /**
   * The same of images that may have several labels.
   *
   * @param areas of each class
   * @param averagePrecisions of each class, as {@link RankTally#averagePrecisions} gives them
   */
  public static ClassificationMetrics of(
      LabelDecisions decisions, double[] areas, double[] averagePrecisions) {
    List<ClassMetrics> classes = new ArrayList<>(decisions.classes());
    for (int c = 0; c < decisions.classes(); c++) {
      classes.add(
          ofClass(
              decisions.positives(c),
              decisions.predicted(c),
              decisions.hits(c),
              areas[c],
              averagePrecisions[c]));
    }
    Predicate<ClassMetrics> hasImages = one -> one.images() > 0;
    return new ClassificationMetrics(
        Double.NaN,
        mean(classes, one -> true, ClassMetrics::precision),
        mean(classes, one -> true, ClassMetrics::recall),
        mean(classes, one -> true, ClassMetrics::f1),
        mean(classes, ClassificationMetrics::hasArea, ClassMetrics::auc),
        decisions.logLoss(),
        Double.NaN,
        Optional.of(
            new SeveralLabelsMetrics(
                mean(classes, hasImages, ClassMetrics::averagePrecision),
                decisions.microF1(),
                decisions.hammingLoss())),
        classes);
  }

  private static ClassMetrics ofClass(
      long images, long predicted, long hits, double area, double averagePrecision) {
    return new ClassMetrics(
        images,
        predicted,
        ratio(hits, predicted),
        ratio(hits, images),
        ratio(2 * hits, images + predicted),
        area,
        averagePrecision);
  }

  private static boolean occurs(ClassMetrics one) {
    return one.images() + one.predicted() > 0;
  }

  private static boolean hasArea(ClassMetrics one) {
    return !Double.isNaN(one.auc());
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
