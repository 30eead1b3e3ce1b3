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
 * @param testLoss mean loss of the test images after the epoch
 * @param testAccuracy share of the test images classified correctly after the epoch, 0 to 1
 * @param drift distance of the workers from their average as a multiple of the average's way, mean
 *     over the epoch's rounds
 * @param trainImagesPerSecond by all workers together
 * @param times where the epoch's time went, from the entry before it to this one
 */
public record EpochMetrics(
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
  /** Names of the {@link #values}, in order. */
  public static final List<String> NAMES =
      List.copyOf(new EpochMetrics(0, 0, 0, 0, 0, 0, 0, 0, 0, EpochTimes.NONE).values().keySet());

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
    values.put("test-loss", testLoss);
    values.put("test-accuracy", testAccuracy);
    values.put("drift", drift);
    values.put("train-images-per-second", trainImagesPerSecond);
    values.put("seconds", seconds());
    values.putAll(times.named(""));
    return values;
  }

  private static EpochMetrics fromJson(String line, String what) {
    Json.Fields fields = Json.parse(line, what);
    return new EpochMetrics(
        fields.integer("epoch"),
        fields.longInteger("rounds"),
        fields.number("learning-rate"),
        fields.number("train-loss"),
        fields.number("train-accuracy"),
        fields.number("test-loss"),
        fields.number("test-accuracy"),
        fields.number("drift"),
        fields.number("train-images-per-second"),
        EpochTimes.from(fields, ""));
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
