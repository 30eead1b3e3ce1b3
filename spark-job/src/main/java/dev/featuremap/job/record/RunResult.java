package dev.featuremap.job.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import java.util.Optional;

/**
 * What came out of a run: the text of {@code result.json}, flat but for the classes at its end.
 *
 * @param runId the run
 * @param state {@code FINISHED}, or why there is a result nonetheless
 * @param epochs epochs trained
 * @param validation of the validation images; empty where there are none
 * @param testAccuracy share of the test images classified correctly, 0 to 1; where there are
 *     validation images, by the model of the best epoch, which the metrics name
 * @param testLoss mean loss of the test images; NaN if it diverged
 * @param metrics what else is known of the test images; empty in a result of an earlier version
 * @param trainImagesPerSecond training images used per second of training, by all workers together
 * @param parameters trainable parameters
 * @param parametersSha256 hexadecimal digest of the parameters: equal digests, equal models
 * @param kernels the arithmetic in use, for example {@code vector/16 lanes}
 * @param workers parts the training images were divided into
 * @param badRecords records that were left out of all sets
 * @param times where the time went
 * @param estimate where the time of an epoch was to go by the estimate before the first round
 * @param checkpoint URI of the checkpoint with these parameters
 */
public record RunResult(
    RunId runId,
    RunStatus.State state,
    int epochs,
    Optional<ValidationMetrics> validation,
    double testAccuracy,
    double testLoss,
    Optional<TestMetrics> metrics,
    double trainImagesPerSecond,
    int parameters,
    String parametersSha256,
    String kernels,
    int workers,
    long badRecords,
    RunTimes times,
    EpochTimes estimate,
    String checkpoint) {
  private static final String ESTIMATED = "estimated-epoch-";
  private static final String VALIDATION_ACCURACY = "validation-accuracy";
  private static final String VALIDATION_LOSS = "validation-loss";

  /** The result of a run without validation images, of which no more is known. */
  public RunResult(
      RunId runId,
      RunStatus.State state,
      int epochs,
      double testAccuracy,
      double testLoss,
      double trainImagesPerSecond,
      int parameters,
      String parametersSha256,
      String kernels,
      int workers,
      long badRecords,
      RunTimes times,
      EpochTimes estimate,
      String checkpoint) {
    this(
        runId,
        state,
        epochs,
        Optional.empty(),
        testAccuracy,
        testLoss,
        Optional.empty(),
        trainImagesPerSecond,
        parameters,
        parametersSha256,
        kernels,
        workers,
        badRecords,
        times,
        estimate,
        checkpoint);
  }

  /** From start to end, over all attempts. */
  public double seconds() {
    return times.seconds();
  }

  /** The text of {@code result.json}; a number that is not finite is null there. */
  public String toJson() {
    ObjectNode object = Json.object();
    object.put("run-id", runId.text());
    object.put("state", state.name());
    object.put("epochs", epochs);
    validation.ifPresent(
        by -> {
          object.put(VALIDATION_ACCURACY, Json.finite(by.accuracy()));
          object.put(VALIDATION_LOSS, Json.finite(by.loss()));
        });
    object.put("test-accuracy", Json.finite(testAccuracy));
    object.put("test-loss", Json.finite(testLoss));
    metrics.ifPresent(test -> test.putValuesInto(object));
    object.put("train-images-per-second", Json.finite(trainImagesPerSecond));
    object.put("seconds", seconds());
    object.put("parameters", parameters);
    object.put("parameters-sha256", parametersSha256);
    object.put("kernels", kernels);
    object.put("workers", workers);
    object.put("bad-records", badRecords);
    object.put("start-seconds", times.start());
    object.put("load-seconds", times.load());
    times.epochs().putInto(object, "");
    estimate.putInto(object, ESTIMATED);
    object.put("checkpoint", checkpoint);
    object.put(Program.KEY, Program.VERSION);
    metrics.ifPresent(test -> test.putClassesInto(object));
    return Json.pretty(object);
  }

  /**
   * Reads {@code result.json}.
   *
   * @throws JobException with {@code BAD_DATA} if it is damaged
   */
  public static RunResult fromJson(String text) {
    Json.Fields fields = Json.parse(text, "result.json");
    return new RunResult(
        fields.runId("run-id"),
        fields.choice("state", RunStatus.State.class),
        fields.integer("epochs"),
        fields.has(VALIDATION_ACCURACY)
            ? Optional.of(
                new ValidationMetrics(
                    fields.number(VALIDATION_LOSS), fields.number(VALIDATION_ACCURACY)))
            : Optional.empty(),
        fields.number("test-accuracy"),
        fields.number("test-loss"),
        TestMetrics.from(fields),
        fields.number("train-images-per-second"),
        fields.integer("parameters"),
        fields.text("parameters-sha256"),
        fields.text("kernels"),
        fields.integer("workers"),
        fields.longInteger("bad-records"),
        new RunTimes(
            fields.number("start-seconds"),
            fields.number("load-seconds"),
            EpochTimes.from(fields, "")),
        EpochTimes.from(fields, ESTIMATED),
        fields.text("checkpoint"));
  }
}
