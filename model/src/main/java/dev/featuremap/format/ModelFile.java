package dev.featuremap.format;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * A trained network read back from one safetensors file, whose metadata holds the network's text.
 */
public final class ModelFile {
  private static final String NETWORK = "featuremap.network";

  private final String networkText;
  private final NetworkPlan plan;
  private final float[] values;

  private ModelFile(String networkText, NetworkPlan plan, float[] values) {
    this.networkText = networkText;
    this.plan = plan;
    this.values = values;
  }

  /** The metadata that makes a file of parameters a model; {@code format} is PyTorch's mark. */
  public static Map<String, String> metadata(String networkText) {
    return Map.of("format", "pt", NETWORK, networkText);
  }

  /**
   * Reads a model.
   *
   * @param length of the file, in bytes
   * @param source how messages name the file
   * @throws FormatException if the file is damaged, says nothing of its network, or holds other
   *     tensors than that network has
   */
  public static ModelFile read(InputStream in, long length, String source) throws IOException {
    Safetensors file = SafetensorsReader.read(in, length, source);
    String text = file.metadata().get(NETWORK);
    if (text == null) {
      throw new FormatException(
          "Cannot read the model %s: its metadata must hold the network under %s, got %s. Give a model.safetensors of a run."
              .formatted(source, NETWORK, file.metadata().keySet()));
    }
    NetworkPlan plan = plan(text, source);
    checkSize(plan, file, source);
    float[] values = new float[plan.parameters() + plan.buffers()];
    new StateFiles(plan, plan.stateLayout(0)).copyModel(file, source, values);
    return new ModelFile(text, plan, values);
  }

  /** A small file may name a huge network: nothing is allocated for it. */
  private static void checkSize(NetworkPlan plan, Safetensors file, String source)
      throws FormatException {
    long values = file.tensors().stream().mapToLong(TensorSlice::size).sum();
    long expected = (long) plan.parameters() + plan.buffers();
    if (values != expected) {
      throw new FormatException(
          "Cannot read the model %s: its network has %d parameters, got %d values. Give a model.safetensors of a run."
              .formatted(source, expected, values));
    }
  }

  /** The network as HOCON. */
  public String networkText() {
    return networkText;
  }

  /** The network, planned. */
  public NetworkPlan plan() {
    return plan;
  }

  /** The parameters, then the buffers; the array is live. */
  public float[] values() {
    return values;
  }

  private static NetworkPlan plan(String text, String source) throws FormatException {
    try {
      return NetworkPlan.of(NetworkSpec.parse(text));
    } catch (SpecException e) {
      throw new FormatException(
          "Cannot read the model %s: its network is not usable: %s"
              .formatted(source, e.getMessage()),
          e);
    }
  }
}
