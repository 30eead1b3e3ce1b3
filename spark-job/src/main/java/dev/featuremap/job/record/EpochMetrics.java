package dev.featuremap.job.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one epoch achieved: a line of {@code metrics.jsonl}.
 *
 * @param epoch from 1
 * @param rounds synchronisations since the run started
 * @param learningRate of the epoch's last step
 * @param trainLoss mean over the images of the epoch, while the parameters changed
 * @param trainAccuracy the same for the share of correct images, 0 to 1
 * @param validation of the validation images after the epoch; empty where there are none
 * @param testLoss mean loss of the test images after the epoch; where there are validation images,
 *     that of the best epoch's model in the last one, and NaN in all others
 * @param testAccuracy share of the test images classified correctly after the epoch, 0 to 1, or NaN
 *     likewise
 * @param drift distance of the workers from their average as a multiple of the average's way, mean
 *     over the epoch's rounds
 * @param trainImagesPerSecond by all workers together
 * @param times where the epoch's time went, from the entry before it to this one
 * @param end what else is known of the test images once a run has ended with the epoch, by the
 *     names of {@link TestMetrics}; empty before
 */
public record EpochMetrics(
    int epoch,
    long rounds,
    double learningRate,
    double trainLoss,
    double trainAccuracy,
    Optional<ValidationMetrics> validation,
    double testLoss,
    double testAccuracy,
    double drift,
    double trainImagesPerSecond,
    EpochTimes times,
    Map<String, Double> end) {
  /** Names that the {@link #values} can have, in order. */
  public static final List<String> NAMES =
      List.copyOf(
          new EpochMetrics(0, 0, 0, 0, 0, 0, 0, 0, 0, EpochTimes.NONE)
              .validated(new ValidationMetrics(0, 0))
              .tested(0, 0, TestMetrics.NAMES.stream().collect(Collectors.toMap(n -> n, n -> 0.0)))
              .values()
              .keySet());

  private static final String VALIDATION_LOSS = "validation-loss";
  private static final String VALIDATION_ACCURACY = "validation-accuracy";
  private static final String TEST_LOSS = "test-loss";
  private static final String TEST_ACCURACY = "test-accuracy";

  /** An epoch of a run that has no validation images, and has not ended. */
  public EpochMetrics(
      int epoch,
      long rounds,
      double learningRate,
      double trainLoss,
      double trainAccuracy,
      double testLoss,
      double testAccuracy,
      double drift,
      double trainImagesPerSecond,
      EpochTimes times) {
    this(
        epoch,
        rounds,
        learningRate,
        trainLoss,
        trainAccuracy,
        Optional.empty(),
        testLoss,
        testAccuracy,
        drift,
        trainImagesPerSecond,
        times,
        Map.of());
  }

  /** The same epoch, looked at by validation images in place of test images. */
  public EpochMetrics validated(ValidationMetrics by) {
    return new EpochMetrics(
        epoch,
        rounds,
        learningRate,
        trainLoss,
        trainAccuracy,
        Optional.of(by),
        Double.NaN,
        Double.NaN,
        drift,
        trainImagesPerSecond,
        times,
        Map.of());
  }

  /** The same epoch as the last one, with what is known of the test images. */
  public EpochMetrics tested(double loss, double accuracy, Map<String, Double> metrics) {
    return new EpochMetrics(
        epoch,
        rounds,
        learningRate,
        trainLoss,
        trainAccuracy,
        validation,
        loss,
        accuracy,
        drift,
        trainImagesPerSecond,
        times,
        metrics);
  }

  /** The set that epochs are compared by: {@code validation} or {@code test}. */
  public String set() {
    return validation.isPresent() ? "validation" : "test";
  }

  /** Mean loss of the set that epochs are compared by. */
  public double loss() {
    return validation.map(ValidationMetrics::loss).orElse(testLoss);
  }

  /** Share of that set which is classified correctly, 0 to 1. */
  public double accuracy() {
    return validation.map(ValidationMetrics::accuracy).orElse(testAccuracy);
  }

  /** The epoch whose model the test images judged, from 1. */
  public int testedEpoch() {
    return end.getOrDefault(TestMetrics.EPOCH, (double) epoch).intValue();
  }

  /** The text of {@code metrics.jsonl}, rewritten as a whole since object stores cannot append. */
  public static String toLines(List<EpochMetrics> epochs) {
    return epochs.stream().map(EpochMetrics::toJson).collect(Collectors.joining());
  }

  /**
   * Reads {@code metrics.jsonl}.
   *
   * @throws JobException with {@code BAD_DATA} if a line is damaged, naming it
   */
  public static List<EpochMetrics> fromLines(String text) {
    List<EpochMetrics> epochs = new ArrayList<>();
    for (String line : text.lines().toList()) {
      epochs.add(fromJson(line, "line %s of metrics.jsonl".formatted(epochs.size() + 1)));
    }
    return epochs;
  }

  /**
   * The epoch that a checkpoint's state ends with; empty for a checkpoint within an epoch, whose
   * model was not evaluated.
   *
   * @param state what a trainer stored beside the checkpoint's objects
   */
  public static Optional<EpochMetrics> endOf(ObjectNode state) {
    if (state.path("next-round").asInt() != 0) {
      return Optional.empty();
    }
    String last = null;
    for (JsonNode line : state.path("history")) {
      last = line.asText();
    }
    return Optional.ofNullable(last)
        .map(line -> fromJson(line, "the end of a checkpoint's history"));
  }

  private String toJson() {
    ObjectNode object = Json.object();
    object.put("epoch", epoch);
    object.put("rounds", rounds);
    values().forEach((name, value) -> object.put(name, Json.finite(value)));
    return Json.line(object);
  }

  /**
   * Every measured value by its name in {@code metrics.jsonl}, in that order; whoever tracks runs
   * uses the same names. A value that nobody knows is NaN.
   */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("learning-rate", learningRate);
    values.put("train-loss", trainLoss);
    values.put("train-accuracy", trainAccuracy);
    validation.ifPresent(
        by -> {
          values.put(VALIDATION_LOSS, by.loss());
          values.put(VALIDATION_ACCURACY, by.accuracy());
        });
    if (validation.isEmpty() || !end.isEmpty()) {
      values.put(TEST_LOSS, testLoss);
      values.put(TEST_ACCURACY, testAccuracy);
    }
    TestMetrics.NAMES.stream()
        .filter(end::containsKey)
        .forEach(name -> values.put(name, end.get(name)));
    values.put("drift", drift);
    values.put("train-images-per-second", trainImagesPerSecond);
    values.put("seconds", seconds());
    values.putAll(times.named(""));
    return values;
  }

  private static EpochMetrics fromJson(String line, String what) {
    Json.Fields fields = Json.parse(line, what);
    boolean validated = fields.has(VALIDATION_ACCURACY);
    boolean tested = !validated || fields.has(TEST_ACCURACY);
    Map<String, Double> end =
        TestMetrics.NAMES.stream()
            .filter(fields::has)
            .collect(Collectors.toMap(name -> name, fields::number));
    return new EpochMetrics(
        fields.integer("epoch"),
        fields.longInteger("rounds"),
        fields.number("learning-rate"),
        fields.number("train-loss"),
        fields.number("train-accuracy"),
        validated
            ? Optional.of(
                new ValidationMetrics(
                    fields.number(VALIDATION_LOSS), fields.number(VALIDATION_ACCURACY)))
            : Optional.empty(),
        tested ? fields.number(TEST_LOSS) : Double.NaN,
        tested ? fields.number(TEST_ACCURACY) : Double.NaN,
        fields.number("drift"),
        fields.number("train-images-per-second"),
        EpochTimes.from(fields, ""),
        end);
  }

  /** How long the epoch took. */
  public double seconds() {
    return times.seconds();
  }

  /** Training images per second over all epochs, each of which uses the same images. */
  public static double meanImagesPerSecond(List<EpochMetrics> epochs) {
    return epochs.size()
        / epochs.stream().mapToDouble(epoch -> 1 / epoch.trainImagesPerSecond()).sum();
  }
}
