package dev.featuremap.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.tensor.LabelSets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds metrics against those of scikit-learn; several_labels.py beside the numbers made them. */
class SeveralLabelsMetricsTest {
  private static final Offset<Double> EQUAL = within(1e-9);

  /** Predictions, and what scikit-learn says of them; each image has a set of its own. */
  private record Case(Config expected, LabelSets sets, float[] probabilities) {
    static Case of(Config config) {
      int[][] sets =
          config.getList("sets").stream()
              .map(set -> set.atKey("set").getIntList("set"))
              .map(set -> set.stream().mapToInt(label -> label).toArray())
              .toArray(int[][]::new);
      List<Double> values = config.getDoubleList("probabilities");
      float[] probabilities = new float[values.size()];
      for (int k = 0; k < probabilities.length; k++) {
        probabilities[k] = values.get(k).floatValue();
      }
      return new Case(config, new LabelSets(config.getInt("classes"), sets), probabilities);
    }

    LabelScores ofLabels() {
      List<Integer> labels = new ArrayList<>();
      List<Float> scores = new ArrayList<>();
      for (int image = 0; image < sets.size(); image++) {
        for (int label : sets.of(image)) {
          labels.add(label);
          scores.add(probabilities[image * sets.classes() + label]);
        }
      }
      float[] array = new float[scores.size()];
      for (int k = 0; k < array.length; k++) {
        array[k] = scores.get(k);
      }
      return new LabelScores(
          sets.classes(), sets.size(), labels.stream().mapToInt(label -> label).toArray(), array);
    }

    /** Counted in parts of so many images. */
    ClassificationMetrics metrics(int part) {
      return metrics(part, new LabelDecisions(sets.classes()));
    }

    ClassificationMetrics metrics(int part, LabelDecisions decisions) {
      LabelScores ofLabels = ofLabels();
      RankTally ranks = new RankTally(ofLabels);
      for (int from = 0; from < sets.size(); from += part) {
        LabelDecisions some = new LabelDecisions(sets.classes());
        RankTally ranked = new RankTally(ofLabels);
        for (int image = from; image < Math.min(sets.size(), from + part); image++) {
          some.add(probabilities, image, sets.of(image));
          ranked.add(probabilities, image, sets.of(image), ofLabels);
        }
        decisions.merge(some);
        ranks = ranks.plus(ranked);
      }
      return ClassificationMetrics.of(
          decisions, ranks.areas(ofLabels), ranks.averagePrecisions(ofLabels));
    }

    @Override
    public String toString() {
      return expected.getString("name");
    }
  }

  private static Stream<Case> cases() {
    return ConfigFactory.parseResources(SeveralLabelsMetricsTest.class, "several-labels.conf")
        .getConfigList("cases")
        .stream()
        .map(Case::of);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areThoseOfScikitLearn(Case predicted) {
    Config expected = predicted.expected();
    LabelDecisions decisions = new LabelDecisions(predicted.sets().classes());
    ClassificationMetrics metrics = predicted.metrics(predicted.sets().size(), decisions);
    SeveralLabelsMetrics several = metrics.several().orElseThrow();

    assertThat(decisions.exactMatch()).isCloseTo(expected.getDouble("exact-match"), EQUAL);
    assertThat(several.meanAveragePrecision())
        .isCloseTo(expected.getDouble("mean-average-precision"), EQUAL);
    assertThat(several.microF1()).isCloseTo(expected.getDouble("micro-f1"), EQUAL);
    assertThat(several.hammingLoss()).isCloseTo(expected.getDouble("hamming-loss"), EQUAL);
    assertThat(metrics.f1()).isCloseTo(expected.getDouble("macro-f1"), EQUAL);
    assertThat(metrics.precision()).isCloseTo(expected.getDouble("macro-precision"), EQUAL);
    assertThat(metrics.recall()).isCloseTo(expected.getDouble("macro-recall"), EQUAL);
    assertThat(metrics.auc()).isCloseTo(expected.getDouble("macro-auc"), EQUAL);
    assertThat(metrics.logLoss()).isCloseTo(expected.getDouble("log-loss"), EQUAL);
    assertThat(metrics.top5()).isNaN();
    assertThat(metrics.calibrationError()).isNaN();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tellTheAveragePrecisionOfEachClass(Case predicted) {
    List<ClassMetrics> classes = predicted.metrics(predicted.sets().size()).classes();

    for (int c = 0; c < classes.size(); c++) {
      if (predicted.expected().getList("average-precision").get(c).unwrapped()
          instanceof Number average) {
        assertThat(classes.get(c).averagePrecision()).isCloseTo(average.doubleValue(), EQUAL);
      } else {
        assertThat(classes.get(c).averagePrecision()).isNaN();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addUpFromParts(Case predicted) {
    ClassificationMetrics whole = predicted.metrics(predicted.sets().size());
    ClassificationMetrics parts = predicted.metrics(7);

    assertThat(parts.classes()).isEqualTo(whole.classes());
    assertThat(parts.several()).isEqualTo(whole.several());
    assertThat(parts.logLoss()).isCloseTo(whole.logLoss(), within(1e-12));
  }

  @Test
  void showEachClassInARow() {
    ClassMetrics one = new ClassMetrics(3, 4, 0.5, 2 / 3.0, 4 / 7.0, 0.75, 0.8125);

    assertThat(LabelTable.of(List.of(one), List.of("cat")))
        .isEqualTo(
            """
            class     images  predicted  precision     recall         F1        AUC         AP
              cat          3          4     0.5000     0.6667     0.5714     0.7500     0.8125
            """);
  }
}
