package dev.featuremap.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds metrics against those of scikit-learn; scikit_learn.py beside the numbers made them. */
class ClassificationMetricsTest {
  private static final Offset<Double> EQUAL = within(1e-9);

  /** Predictions, and what scikit-learn says of them. */
  private record Case(Config expected, int classes, int[] labels, float[] probabilities) {
    static Case of(Config config) {
      List<Double> values = config.getDoubleList("probabilities");
      float[] probabilities = new float[values.size()];
      for (int k = 0; k < probabilities.length; k++) {
        probabilities[k] = values.get(k).floatValue();
      }
      return new Case(
          config,
          config.getInt("classes"),
          config.getIntList("labels").stream().mapToInt(label -> label).toArray(),
          probabilities);
    }

    int images() {
      return labels.length;
    }

    int prediction(int image) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = at(image, c) > at(image, best) ? c : best;
      }
      return best;
    }

    float at(int image, int label) {
      return probabilities[image * classes + label];
    }

    LabelScores ofLabels() {
      float[] scores = new float[images()];
      for (int image = 0; image < images(); image++) {
        scores[image] = at(image, labels[image]);
      }
      return new LabelScores(classes, labels, scores);
    }

    /** Counted in parts of so many images. */
    ClassificationMetrics metrics(int part) {
      ConfusionMatrix confusion = new ConfusionMatrix(classes);
      ProbabilityTally tally = new ProbabilityTally(classes);
      RankTally ranks = new RankTally(classes);
      LabelScores ofLabels = ofLabels();
      for (int from = 0; from < images(); from += part) {
        ProbabilityTally some = new ProbabilityTally(classes);
        RankTally ranked = new RankTally(classes);
        for (int image = from; image < Math.min(images(), from + part); image++) {
          confusion.add(labels[image], prediction(image));
          some.add(probabilities, image, labels[image], prediction(image));
          ranked.add(probabilities, image, labels[image], ofLabels);
        }
        tally.merge(some);
        ranks = ranks.plus(ranked);
      }
      return ClassificationMetrics.of(confusion, tally, ranks.areas(ofLabels));
    }

    double expected(String name) {
      return number(expected, name);
    }

    @Override
    public String toString() {
      return expected.getString("name");
    }
  }

  private static Stream<Case> cases() {
    return ConfigFactory.parseResources(ClassificationMetricsTest.class, "scikit-learn.conf")
        .getConfigList("cases")
        .stream()
        .map(Case::of);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areThoseOfScikitLearn(Case predicted) {
    ClassificationMetrics metrics = predicted.metrics(predicted.images());

    assertThat(metrics.top5()).isCloseTo(predicted.expected("top5"), EQUAL);
    assertThat(metrics.precision()).isCloseTo(predicted.expected("precision"), EQUAL);
    assertThat(metrics.recall()).isCloseTo(predicted.expected("recall"), EQUAL);
    assertThat(metrics.f1()).isCloseTo(predicted.expected("f1"), EQUAL);
    assertThat(metrics.auc()).isCloseTo(predicted.expected("auc"), EQUAL);
    assertThat(metrics.logLoss()).isCloseTo(predicted.expected("logLoss"), EQUAL);
    assertThat(metrics.calibrationError()).isCloseTo(predicted.expected("calibrationError"), EQUAL);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tellOfEachClassWhatScikitLearnTells(Case predicted) {
    List<ClassMetrics> classes = predicted.metrics(predicted.images()).classes();
    List<? extends Config> expected = predicted.expected().getConfigList("ofClasses");

    assertThat(classes).hasSize(predicted.classes());
    for (int c = 0; c < predicted.classes(); c++) {
      assertThat(classes.get(c).images()).isEqualTo(expected.get(c).getLong("images"));
      assertThat(classes.get(c).precision()).isCloseTo(number(expected.get(c), "precision"), EQUAL);
      assertThat(classes.get(c).recall()).isCloseTo(number(expected.get(c), "recall"), EQUAL);
      assertThat(classes.get(c).f1()).isCloseTo(number(expected.get(c), "f1"), EQUAL);
      assertThat(classes.get(c).auc()).isCloseTo(number(expected.get(c), "auc"), EQUAL);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addUpFromParts(Case predicted) {
    ClassificationMetrics whole = predicted.metrics(predicted.images());
    ClassificationMetrics parts = predicted.metrics(7);

    assertThat(parts.classes()).isEqualTo(whole.classes());
    assertThat(parts.auc()).isEqualTo(Double.valueOf(whole.auc()));
    assertThat(parts.top5()).isEqualTo(Double.valueOf(whole.top5()));
    assertThat(parts.logLoss()).isCloseTo(whole.logLoss(), within(1e-12));
    assertThat(parts.calibrationError()).isCloseTo(whole.calibrationError(), within(1e-12));
  }

  @Test
  void areNoNumbersWhereNothingCanBeSaid() {
    ConfusionMatrix confusion = new ConfusionMatrix(2);
    ProbabilityTally tally = new ProbabilityTally(2);
    float[] probabilities = {0.25f, 0.75f};
    LabelScores ofLabels = new LabelScores(2, new int[] {1}, new float[] {0.75f});
    RankTally ranks = new RankTally(2);
    confusion.add(1, 1);
    tally.add(probabilities, 0, 1, 1);
    ranks.add(probabilities, 0, 1, ofLabels);

    ClassificationMetrics metrics =
        ClassificationMetrics.of(confusion, tally, ranks.areas(ofLabels));

    assertThat(metrics.auc()).isNaN();
    assertThat(metrics.top5()).isNaN();
    assertThat(metrics.f1()).isEqualTo(1);
    assertThat(metrics.classes().get(0))
        .isEqualTo(new ClassMetrics(0, 0, 0, 0, 0, Double.NaN, Double.NaN));
  }

  private static double number(Config config, String name) {
    return config.getIsNull(name) ? Double.NaN : config.getDouble(name);
  }
}
