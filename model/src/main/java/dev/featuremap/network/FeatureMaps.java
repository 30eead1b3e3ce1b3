package dev.featuremap.network;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What one step of a network makes of some images, to be looked at.
 *
 * @param name the step's
 * @param shape of each image's maps
 * @param block {@code [shape, 16]}
 */
public record FeatureMaps(String name, Shape shape, float[] block) {
  /** 64 MiB of activations, which a driver can spare: of large networks, the first steps. */
  private static final long MOST_FLOATS = 1L << 24;

  /**
   * The feature maps of all steps, or of the first as far as 64 MiB go, in their order. Steps that
   * run in one pass, such as a rectifier with the sum before it, give one result, under the name of
   * the last.
   *
   * @param model the parameters, then the buffers
   * @param pixels {@code [input shape, 16]}
   */
  public static List<FeatureMaps> of(
      NetworkPlan plan, Kernels kernels, float[] model, float[] pixels) {
    Network network = Network.observing(plan, kernels, MOST_FLOATS);
    BlockGroup group = new BlockGroup(1);
    group.resize(1, 1);
    group.pass(0).evaluate();
    if (network.steps().isEmpty()) {
      return List.of();
    }
    network.prepare(model, 0, 1);
    network.forward(0, group, model, new float[][] {pixels});
    List<FeatureMaps> maps = new ArrayList<>();
    for (NetworkStep step : network.steps()) {
      maps.add(new FeatureMaps(name(plan, step), step.output(), network.written(step)));
    }
    return maps;
  }

  private static String name(NetworkPlan plan, NetworkStep step) {
    return plan.steps().stream()
        .filter(planned -> planned.writes() == step.writes())
        .map(PlannedStep::name)
        .findFirst()
        .orElseThrow();
  }

  /** The maps of the image in a lane, {@code [map, row, column]}. */
  public float[] image(int lane) {
    float[] image = new float[shape.size()];
    for (int k = 0; k < image.length; k++) {
      image[k] = block[k * Lanes.COUNT + lane];
    }
    return image;
  }
}
