package dev.featuremap.network;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.NetworkPlan.PlannedLayer;
import dev.featuremap.tensor.Lanes;
import java.util.List;

/**
 * A network ready to run: layers with their scratch, and the activations of the one block in hand.
 *
 * <p>Holds no parameters: they are passed in. Single-threaded.
 */
public final class Network {
  private final NetworkPlan plan;
  private final Layer[] layers;
  private final float[][] activations;
  private final float[][] gradients;

  /** Builds the layers of a plan. */
  public Network(NetworkPlan plan, Kernels kernels) {
    this.plan = plan;
    List<PlannedLayer> planned = plan.layers();
    layers = new Layer[planned.size()];
    activations = new float[planned.size()][];
    gradients = new float[planned.size()][];
    for (int index = 0; index < layers.length; index++) {
      PlannedLayer layer = planned.get(index);
      layers[index] =
          layer.spec().build(layer.input(), new LayerPlace(index, layer.parametersAt()), kernels);
      activations[index] = new float[layer.output().blockSize()];
      gradients[index] = new float[layer.output().blockSize()];
    }
  }

  /**
   * Computes the logits of a block.
   *
   * @return {@code [classes, 16]}, valid until the next call
   */
  public float[] forward(BlockPass pass, float[] parameters, LaneBlock block) {
    System.arraycopy(block.records(), 0, pass.records(), 0, Lanes.COUNT);
    float[] input = block.pixels();
    for (int index = 0; index < layers.length; index++) {
      layers[index].forward(pass, parameters, input, activations[index]);
      input = activations[index];
    }
    return input;
  }

  /** Adds the block's loss and hits to {@code tally}. */
  public float[] evaluate(BlockPass pass, float[] parameters, LaneBlock block, LossTally tally) {
    float[] logits = forward(pass, parameters, block);
    plan.network()
        .loss()
        .evaluate(plan.classes(), logits, block.labels(), block.images(), null, tally);
    return logits;
  }

  /**
   * Adds the gradient of the <em>sum</em> of the block's losses to {@code gradient}.
   *
   * @param gradient one value per parameter
   */
  public void addGradient(
      BlockPass pass, float[] parameters, LaneBlock block, float[] gradient, LossTally tally) {
    float[] logits = forward(pass, parameters, block);
    int last = layers.length - 1;
    plan.network()
        .loss()
        .evaluate(plan.classes(), logits, block.labels(), block.images(), gradients[last], tally);
    for (int index = last; index >= 0; index--) {
      layers[index].backward(
          pass,
          parameters,
          index == 0 ? block.pixels() : activations[index - 1],
          activations[index],
          gradients[index],
          index == 0 ? null : gradients[index - 1],
          gradient);
    }
  }
}
