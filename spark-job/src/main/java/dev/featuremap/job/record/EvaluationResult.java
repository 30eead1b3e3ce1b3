package dev.featuremap.job.record;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What an evaluation found, flat and small enough to be passed from task to task by a scheduler.
 *
 * @param model URI of the checkpoint or file, or published version
 * @param parametersSha256 hexadecimal digest of the parameters, as in {@link RunResult}
 * @param data the test images, as people read it
 * @param images how many
 * @param badRecords records that were left out
 * @param testAccuracy share of the images classified correctly, 0 to 1
 * @param testLoss mean loss of the images
 */
public record EvaluationResult(
    String model,
    String parametersSha256,
    String data,
    long images,
    long badRecords,
    double testAccuracy,
    double testLoss) {

  /** As JSON; a number that is not finite is null there. */
  public String toJson() {
    ObjectNode object = Json.object();
    object.put("model", model);
    object.put("parameters-sha256", parametersSha256);
    object.put("data", data);
    object.put("images", images);
    object.put("bad-records", badRecords);
    object.put("test-accuracy", Json.finite(testAccuracy));
    object.put("test-loss", Json.finite(testLoss));
    return Json.pretty(object);
  }
}
