package dev.featuremap.job.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.metric.ClassMetrics;
import dev.featuremap.metric.ClassificationMetrics;
import dev.featuremap.metric.SeveralLabelsMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of the predictions for test images besides loss and accuracy, as fields of JSON.
 *
 * @param metrics what is known
 * @param names of the classes, one for each
 * @param epoch the epoch of a run whose model this is, from 1, where validation images chose it;
 *     empty for a run without them, whose last epoch is meant, and outside of runs
 */
public record TestMetrics(ClassificationMetrics metrics, List<String> names, OptionalInt epoch) {
  static final String EPOCH = "test-epoch";
  private static final String TOP_5 = "test-top-5-accuracy";
  private static final String PRECISION = "test-macro-precision";
  private static final String RECALL = "test-macro-recall";
  private static final String F1 = "test-macro-f1";
  private static final String AUC = "test-macro-auc";
  private static final String LOG_LOSS = "test-log-loss";
  private static final String CALIBRATION_ERROR = "test-calibration-error";
  private static final String AVERAGE_PRECISION = "test-mean-average-precision";
  private static final String MICRO_F1 = "test-micro-f1";
  private static final String AP = "average-precision";
  private static final String HAMMING_LOSS = "test-hamming-loss";
  private static final String CLASSES = "test-classes";

  /** Names of the {@link #values}, in order. */
  static final List<String> NAMES =
      List.of(EPOCH, TOP_5, PRECISION, RECALL, F1, AUC, LOG_LOSS, CALIBRATION_ERROR);

  /** Copies the list. */
  public TestMetrics {
    names = List.copyOf(names);
  }

  /**
   * Names classes as people know them; a class that no label has keeps its number.
   *
   * @param labels names of the first classes
   */
  public static TestMetrics of(ClassificationMetrics metrics, List<String> labels) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < metrics.classes().size(); c++) {
      names.add(c < labels.size() ? labels.get(c) : Integer.toString(c));
    }
    return new TestMetrics(metrics, names, OptionalInt.empty());
  }

  /** The same of the model of an epoch that validation images chose, from 1. */
  public TestMetrics ofEpoch(int chosen) {
    return new TestMetrics(metrics, names, OptionalInt.of(chosen));
  }

  /** Every value of the whole set by its name, in order; NaN where it says nothing. */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    epoch.ifPresent(number -> values.put(EPOCH, (double) number));
    values.put(TOP_5, metrics.top5());
    values.put(PRECISION, metrics.precision());
    values.put(RECALL, metrics.recall());
    values.put(F1, metrics.f1());
    values.put(AUC, metrics.auc());
    values.put(LOG_LOSS, metrics.logLoss());
    values.put(CALIBRATION_ERROR, metrics.calibrationError());
    metrics
        .several()
        .ifPresent(
            several -> {
              values.put(AVERAGE_PRECISION, several.meanAveragePrecision());
              values.put(MICRO_F1, several.microF1());
              values.put(HAMMING_LOSS, several.hammingLoss());
            });
    return values;
  }

  /** One line for people. */
  public String line() {
    if (metrics.several().isPresent()) {
      SeveralLabelsMetrics several = metrics.several().get();
      return String.format(
          Locale.ROOT,
          "mean average precision %.4f  macro precision %.4f  recall %.4f  F1 %.4f  micro F1 %.4f  AUC %.4f  Hamming loss %.4f  log loss %.4f",
          several.meanAveragePrecision(),
          metrics.precision(),
          metrics.recall(),
          metrics.f1(),
          several.microF1(),
          metrics.auc(),
          several.hammingLoss(),
          metrics.logLoss());
    }
    String top =
        Double.isNaN(metrics.top5())
            ? ""
            : String.format(Locale.ROOT, "top-5 accuracy %.2f %%  ", 100 * metrics.top5());
    return top
        + String.format(
            Locale.ROOT,
            "macro precision %.4f  recall %.4f  F1 %.4f  AUC %.4f  log loss %.4f  calibration error %.4f",
            metrics.precision(),
            metrics.recall(),
            metrics.f1(),
            metrics.auc(),
            metrics.logLoss(),
            metrics.calibrationError());
  }

  /** Adds the values of the whole set. */
  void putValuesInto(ObjectNode object) {
    values().forEach((name, value) -> object.put(name, Json.finite(value)));
    epoch.ifPresent(number -> object.put(EPOCH, number));
  }

  /** Adds an array with the values of each class. */
  void putClassesInto(ObjectNode object) {
    ArrayNode array = object.putArray(CLASSES);
    for (int c = 0; c < names.size(); c++) {
      ClassMetrics one = metrics.classes().get(c);
      ObjectNode ofClass =
          array
              .addObject()
              .put("class", names.get(c))
              .put("images", one.images())
              .put("predicted", one.predicted())
              .put("precision", Json.finite(one.precision()))
              .put("recall", Json.finite(one.recall()))
              .put("f1", Json.finite(one.f1()))
              .put("auc", Json.finite(one.auc()));
      if (metrics.several().isPresent()) {
        ofClass.put(AP, Json.finite(one.averagePrecision()));
      }
    }
  }

  /** All of it as an object of its own. */
  public ObjectNode toJson() {
    ObjectNode object = Json.object();
    putValuesInto(object);
    putClassesInto(object);
    return object;
  }

  /**
   * Reads what the other methods wrote; empty where nothing of it is there, as in files of earlier
   * versions.
   *
   * @throws JobException with {@code BAD_DATA} or {@link IllegalArgumentException}, as the fields
   *     do, if a field is missing or of another type
   */
  public static Optional<TestMetrics> from(Json.Fields fields) {
    if (!fields.has(CLASSES)) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    List<ClassMetrics> classes = new ArrayList<>();
    for (Json.Fields one : fields.objects(CLASSES)) {
      names.add(one.text("class"));
      classes.add(
          new ClassMetrics(
              one.longInteger("images"),
              one.longInteger("predicted"),
              one.number("precision"),
              one.number("recall"),
              one.number("f1"),
              one.number("auc"),
              one.has(AP) ? one.number(AP) : Double.NaN));
    }
    Optional<SeveralLabelsMetrics> several =
        fields.has(AVERAGE_PRECISION)
            ? Optional.of(
                new SeveralLabelsMetrics(
                    fields.number(AVERAGE_PRECISION),
                    fields.number(MICRO_F1),
                    fields.number(HAMMING_LOSS)))
            : Optional.empty();
    ClassificationMetrics metrics =
        new ClassificationMetrics(
            fields.number(TOP_5),
            fields.number(PRECISION),
            fields.number(RECALL),
            fields.number(F1),
            fields.number(AUC),
            fields.number(LOG_LOSS),
            fields.number(CALIBRATION_ERROR),
            several,
            classes);
    OptionalInt epoch =
        fields.has(EPOCH) ? OptionalInt.of(fields.integer(EPOCH)) : OptionalInt.empty();
    return Optional.of(new TestMetrics(metrics, names, epoch));
  }
}
