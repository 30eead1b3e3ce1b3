package dev.featuremap.network;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.network.NetworkPlan.PlannedLayer;
import java.util.List;

/**
 * A network ready to run: layers with their scratch, and the activations of the group of blocks in
 * hand.
 *
 * <p>Holds no parameters: they are passed in. Used by one thread; {@linkplain #fork() forks} work
 * on other groups of the same mini-batch.
 */
public final class Network {
  private final List<PlannedLayer> execution;
  private final Layer[] layers;
  private final int firstLearning;
  private final float[][][] activations; // [layer][block of the group]
  private final float[][][] gradients; // [layer][block of the group]

  /**
   * Builds the layers of a plan.
   *
   * @param batchBlocks blocks of the largest mini-batch to train on; 0 to predict only
   * @param groupBlocks blocks that go through the layers together
   */
  public Network(NetworkPlan plan, Kernels kernels, int batchBlocks, int groupBlocks) {
    this(
        plan.execution(),
        build(plan.execution(), kernels, batchBlocks),
        batchBlocks > 0,
        groupBlocks);
  }

  private Network(List<PlannedLayer> execution, Layer[] layers, boolean trains, int groupBlocks) {
    this.execution = execution;
    this.layers = layers;
    this.firstLearning = firstLearning(execution);
    int depth = layers.length;
    activations = new float[depth][groupBlocks][];
    gradients = new float[trains ? depth : 0][groupBlocks][];
    for (int block = 0; block < groupBlocks; block++) {
      float[][] shared = trains ? alternating(execution) : null;
      for (int index = 0; index < depth; index++) {
        activations[index][block] = new float[execution.get(index).output().blockSize()];
        if (trains) {
          gradients[index][block] = shared[index % 2];
        }
      }
    }
  }

  private static Layer[] build(List<PlannedLayer> execution, Kernels kernels, int batchBlocks) {
    int first = firstLearning(execution);
    Layer[] layers = new Layer[execution.size()];
    for (int index = 0; index < layers.length; index++) {
      PlannedLayer layer = execution.get(index);
      LayerPlace place =
          new LayerPlace(layer.index(), layer.parametersAt(), batchBlocks, index > first);
      layers[index] = layer.spec().build(layer.input(), place, kernels);
    }
    return layers;
  }

  /** The first layer with parameters; below it no gradient is needed. */
  private static int firstLearning(List<PlannedLayer> execution) {
    int first = 0;
    while (first < execution.size() - 1 && execution.get(first).parameters() == 0) {
      first++;
    }
    return first;
  }

  /** Two buffers in turn: a layer reads its output's gradient and writes its input's. */
  private static float[][] alternating(List<PlannedLayer> execution) {
    int[] sizes = new int[2];
    for (int index = 0; index < execution.size(); index++) {
      int size = execution.get(index).output().blockSize();
      sizes[index % 2] = Math.max(sizes[index % 2], size);
    }
    return new float[][] {new float[sizes[0]], new float[sizes[1]]};
  }

  /** The same network for another thread, with its own scratch. */
  public Network fork() {
    Layer[] forks = new Layer[layers.length];
    for (int index = 0; index < layers.length; index++) {
      forks[index] = layers[index].fork();
    }
    return new Network(execution, forks, gradients.length > 0, activations[0].length);
  }

  /** Prepares a part of what the passes need of the parameters, for this network and its forks. */
  public void prepare(float[] parameters, int part, int parts) {
    for (Layer layer : layers) {
      layer.prepare(parameters, part, parts);
    }
  }

  /**
   * Computes the logits of a group.
   *
   * @param pixels {@code [input shape, 16]} for each block
   * @return {@code [classes, 16]} for each block, valid until the next call
   */
  public float[][] forward(BlockGroup group, float[] parameters, float[][] pixels) {
    float[][] input = pixels;
    for (int index = 0; index < layers.length; index++) {
      layers[index].forward(group, parameters, input, activations[index]);
      input = activations[index];
    }
    return input;
  }

  /** Where the gradient of each block's logits goes before {@link #backward}. */
  public float[][] logitGradients() {
    return gradients[layers.length - 1];
  }

  /** Sends the gradients of the logits back through all layers that learn. */
  public void backward(BlockGroup group, float[] parameters, float[][] pixels) {
    for (int index = layers.length - 1; index >= firstLearning; index--) {
      layers[index].backward(
          group,
          parameters,
          index == 0 ? pixels : activations[index - 1],
          activations[index],
          gradients[index],
          index == firstLearning ? null : gradients[index - 1]);
    }
  }

  /**
   * Writes a part of the gradient of the <em>sum</em> of all losses of a mini-batch, after the
   * backward passes of this network and its forks.
   *
   * @param gradient one value per parameter
   */
  public void finishGradient(int blocks, float[] gradient, int part, int parts) {
    for (Layer layer : layers) {
      layer.finishGradient(blocks, gradient, part, parts);
    }
  }
}
