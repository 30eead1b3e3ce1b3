package dev.featuremap.job.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.metric.ConfusionMatrix;

/**
 * What an evaluation found: flat, but for the classes and the confusion table at its end.
 *
 * @param model URI of the checkpoint or file, or published version
 * @param parametersSha256 hexadecimal digest of the parameters, as in {@link RunResult}
 * @param data the test images, as people read it
 * @param images how many
 * @param badRecords records that were left out
 * @param testAccuracy share of the images classified correctly, 0 to 1
 * @param testLoss mean loss of the images
 * @param metrics what else is known of the predictions
 * @param confusion how often each class was taken for each other
 */
public record EvaluationResult(
    String model,
    String parametersSha256,
    String data,
    long images,
    long badRecords,
    double testAccuracy,
    double testLoss,
    TestMetrics metrics,
    ConfusionMatrix confusion) {

  /**
   * As JSON; a number that is not finite is null there. The table has {@code [class, taken for,
   * images]} for each pair that occurred, by the places of the classes, in their order. There is
   * none where images may have several labels.
   */
  public String toJson() {
    ObjectNode object = Json.object();
    object.put("model", model);
    object.put("parameters-sha256", parametersSha256);
    object.put("data", data);
    object.put("images", images);
    object.put("bad-records", badRecords);
    object.put("test-accuracy", Json.finite(testAccuracy));
    object.put("test-loss", Json.finite(testLoss));
    metrics.putValuesInto(object);
    metrics.putClassesInto(object);
    if (metrics.metrics().several().isEmpty()) {
      ArrayNode table = object.putArray("confusion");
      confusion.inOrder(
          (actual, predicted, count) -> table.addArray().add(actual).add(predicted).add(count));
    }
    return Json.pretty(object);
  }
}
