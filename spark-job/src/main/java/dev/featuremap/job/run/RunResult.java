package dev.featuremap.job.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;

/**
 * What came out of a run: the text of {@code result.json}, flat and small enough to be passed from
 * task to task by a scheduler.
 *
 * @param runId the run
 * @param state {@code FINISHED}, or why there is a result nonetheless
 * @param epochs epochs trained
 * @param testAccuracy share of the test images classified correctly, 0 to 1
 * @param testLoss mean loss of the test images; NaN if it diverged
 * @param trainImagesPerSecond training images used per second of training, by all workers together
 * @param seconds from start to end, evaluation included, over all attempts
 * @param parameters trainable parameters
 * @param parametersSha256 hexadecimal digest of the parameters: equal digests, equal models
 * @param kernels the arithmetic in use, for example {@code vector/16 lanes}
 * @param workers parts the training images were divided into
 * @param badRecords records that were left out of the training and test images
 * @param checkpoint URI of the checkpoint with these parameters
 */
public record RunResult(
    RunId runId,
    RunStatus.State state,
    int epochs,
    double testAccuracy,
    double testLoss,
    double trainImagesPerSecond,
    double seconds,
    int parameters,
    String parametersSha256,
    String kernels,
    int workers,
    long badRecords,
    String checkpoint) {

  /** The text of {@code result.json}; a number that is not finite is null there. */
  public String toJson() {
    ObjectNode object = Json.object();
    object.put("run-id", runId.text());
    object.put("state", state.name());
    object.put("epochs", epochs);
    object.put("test-accuracy", Json.finite(testAccuracy));
    object.put("test-loss", Json.finite(testLoss));
    object.put("train-images-per-second", Json.finite(trainImagesPerSecond));
    object.put("seconds", Json.finite(seconds));
    object.put("parameters", parameters);
    object.put("parameters-sha256", parametersSha256);
    object.put("kernels", kernels);
    object.put("workers", workers);
    object.put("bad-records", badRecords);
    object.put("checkpoint", checkpoint);
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
        fields.number("test-accuracy"),
        fields.number("test-loss"),
        fields.number("train-images-per-second"),
        fields.number("seconds"),
        fields.integer("parameters"),
        fields.text("parameters-sha256"),
        fields.text("kernels"),
        fields.integer("workers"),
        fields.longInteger("bad-records"),
        fields.text("checkpoint"));
  }
}
