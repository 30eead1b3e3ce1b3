package dev.featuremap.job.watch.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.metric.ConfusedPair;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkTable;
import dev.featuremap.spec.Visible;
import dev.featuremap.tensor.Shape;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the page shows, as JSON; whatever is not given, the page leaves out. */
public final class PageData {
  /** A matrix of more is no picture. */
  private static final int MOST_CLASSES = 40;

  private final ObjectNode data = Json.object();

  /**
   * A page about a run.
   *
   * @param id the run's
   * @param network what is trained
   * @param settings the resolved configuration
   */
  public PageData(String id, NetworkPlan network, String settings) {
    data.putObject("run").put("id", Visible.of(id));
    data.put("network", NetworkTable.of(network));
    data.put("settings", settings);
    data.set("input", shape(network.spec().input().shape()));
    data.putArray("history");
  }

  /**
   * How the run stands.
   *
   * @param state a word
   * @param summary a line
   * @param reason why it failed; empty if it did not
   */
  public void state(String state, String summary, String reason) {
    ObjectNode run = (ObjectNode) data.get("run");
    run.put("state", state).put("summary", summary).put("reason", reason);
  }

  /** Names and values that are worth knowing, in order. */
  public void facts(Map<String, Object> facts) {
    ArrayNode array = data.putArray("facts");
    facts.forEach((name, value) -> array.addArray().add(name).add(Visible.of(value.toString())));
  }

  /** The epochs so far. */
  public void history(List<EpochMetrics> history) {
    ArrayNode array = data.putArray("history");
    EpochMetrics.toLines(history)
        .lines()
        .forEach(line -> array.add(Json.parse(line, "the history").object()));
  }

  /** Seconds that each part took, in order. */
  public void times(Map<String, Double> parts) {
    ArrayNode array = data.putArray("times");
    parts.forEach(
        (name, seconds) -> {
          if (Double.isFinite(seconds)) {
            array.addObject().put("name", name).put("seconds", seconds);
          }
        });
  }

  /**
   * What classes are called.
   *
   * @param labels names of the first classes; the others are called by their numbers
   */
  public void classes(int count, List<String> labels) {
    ArrayNode names = data.putArray("classes");
    for (int label = 0; label < count; label++) {
      names.add(label < labels.size() ? Visible.of(labels.get(label)) : Integer.toString(label));
    }
  }

  /**
   * How often each class was taken for each other: of all, or of many classes where it happens
   * most.
   *
   * @param labels names of the first classes; the others are called by their numbers
   */
  public void confusion(ConfusionMatrix confusion, List<String> labels) {
    classes(confusion.classes(), labels);
    if (confusion.classes() <= MOST_CLASSES) {
      matrix(confusion);
    } else {
      worst(confusion);
    }
  }

  /** What is known of the test images at the end of a run. */
  public void test(TestMetrics metrics) {
    ObjectNode test = metrics.toJson();
    test.withArray("test-classes")
        .forEach(one -> ((ObjectNode) one).put("class", Visible.of(one.get("class").textValue())));
    data.set("test", test);
  }

  private void matrix(ConfusionMatrix confusion) {
    ArrayNode rows = data.putArray("confusion");
    for (int actual = 0; actual < confusion.classes(); actual++) {
      ArrayNode row = rows.addArray();
      int of = actual;
      IntStream.range(0, confusion.classes()).forEach(c -> row.add(confusion.count(of, c)));
    }
  }

  /** The pairs that are confused most, the first of equals first. */
  private void worst(ConfusionMatrix confusion) {
    ArrayNode pairs = data.putArray("confused");
    for (ConfusedPair pair : confusion.mostConfused(MOST_CLASSES)) {
      pairs
          .addObject()
          .put("label", pair.actual())
          .put("prediction", pair.predicted())
          .put("count", pair.count())
          .put("recall", confusion.recall(pair.actual()))
          .put("precision", confusion.precision(pair.predicted()));
    }
  }

  /** Drops the pictures, to make way for newer ones. */
  public void clearPictures() {
    List.of("mistakes", "samples", "maps").forEach(data::putArray);
    data.remove(List.of("filters", "cams"));
  }

  /**
   * An image that was taken for another class.
   *
   * @param margin how far the logit of the prediction is above that of the label
   * @param pixels of the network's input
   */
  public void mistake(long record, int label, int prediction, double margin, byte[] pixels) {
    ((ArrayNode) data.get("mistakes"))
        .addObject()
        .put("record", record)
        .put("label", label)
        .put("prediction", prediction)
        .put("margin", margin)
        .put("pixels", base64(pixels));
  }

  /**
   * What the network looked at in the mistakes.
   *
   * @param layer whose feature maps tell it
   * @param height rows of a map
   * @param width columns of a map
   * @param maps of each mistake, in their order: for the prediction, then for the label
   */
  public void cams(String layer, int height, int width, List<List<byte[]>> maps) {
    ObjectNode cams = data.putObject("cams");
    cams.put("layer", layer);
    cams.set("shape", Json.array().add(height).add(width));
    ArrayNode array = cams.putArray("mistakes");
    for (List<byte[]> mistake : maps) {
      ArrayNode pictures = array.addArray();
      mistake.forEach(map -> pictures.add(base64(map)));
    }
  }

  /** An image whose feature maps are shown. */
  public void sample(long record, int label, byte[] pixels) {
    ((ArrayNode) data.get("samples"))
        .addObject()
        .put("record", record)
        .put("label", label)
        .put("pixels", base64(pixels));
  }

  /** The same of an image that may have several labels. */
  public void sample(long record, int[] labels, byte[] pixels) {
    sample(record, -1, pixels);
    ArrayNode samples = (ArrayNode) data.get("samples");
    ArrayNode all = ((ObjectNode) samples.get(samples.size() - 1)).putArray("label");
    IntStream.of(labels).forEach(all::add);
  }

  /** The weights of the first layer. */
  public void filters(Filters first) {
    ObjectNode filters = data.putObject("filters");
    filters.put("name", first.tensor());
    filters.set("shape", shape(first.shape()));
    filters.put("pixels", base64(first.pixels()));
  }

  /**
   * The feature maps of a layer.
   *
   * @param shape of the maps that are shown
   * @param of how many maps there are
   * @param images maps of each sample
   */
  public void maps(String layer, Shape shape, int of, List<byte[]> images) {
    ObjectNode maps = ((ArrayNode) data.get("maps")).addObject();
    maps.put("name", layer).put("of", of);
    maps.set("shape", shape(shape));
    ArrayNode array = maps.putArray("images");
    images.forEach(image -> array.add(base64(image)));
  }

  String title() {
    return data.get("run").get("id").textValue();
  }

  String json() {
    return data.toString();
  }

  private static ArrayNode shape(Shape shape) {
    return Json.array().add(shape.channels()).add(shape.height()).add(shape.width());
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
