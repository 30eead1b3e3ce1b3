package dev.featuremap.layer;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/** Runs a layer on one image that every lane repeats. */
public final class Outputs {
  private Outputs() {}

  /** The layer's output for {@code image}, in evaluation. */
  public static float[] of(LayerSpec spec, Shape shape, float... image) {
    return of(spec, new float[0], shape, image);
  }

  /** The output of a layer with parameters for {@code image}, in evaluation. */
  public static float[] of(LayerSpec spec, float[] parameters, Shape shape, float... image) {
    float[] output = new float[spec.outputShape(shape).blockSize()];
    BlockGroup group = new BlockGroup(1);
    group.resize(1, 1);
    layer(spec, shape)
        .forward(group, parameters, new float[][] {repeat(image)}, new float[][] {output});
    return firstLane(output);
  }

  /** The input gradient for {@code image} when every output gradient is 1. */
  public static float[] gradientOf(LayerSpec spec, Shape shape, float... image) {
    float[] input = repeat(image);
    float[] output = new float[spec.outputShape(shape).blockSize()];
    float[] ones = output.clone();
    Arrays.fill(ones, 1f);
    float[] gradient = new float[input.length];
    Layer layer = layer(spec, shape);
    BlockGroup group = new BlockGroup(1);
    group.resize(1, 1);
    group.pass(0).train(0, 0);
    float[][] inputs = {input};
    float[][] outputs = {output};
    layer.forward(group, new float[0], inputs, outputs);
    layer.backward(
        group, new float[0], inputs, outputs, new float[][] {ones}, new float[][] {gradient});
    return firstLane(gradient);
  }

  private static Layer layer(LayerSpec spec, Shape shape) {
    return spec.build(shape, new LayerPlace(0, 0, 0, 1, true, new Scratch()), new ScalarKernels());
  }

  private static float[] repeat(float[] image) {
    float[] block = new float[image.length * Lanes.COUNT];
    for (int k = 0; k < block.length; k++) {
      block[k] = image[k / Lanes.COUNT];
    }
    return block;
  }

  private static float[] firstLane(float[] block) {
    float[] image = new float[block.length / Lanes.COUNT];
    for (int k = 0; k < image.length; k++) {
      image[k] = block[k * Lanes.COUNT];
    }
    return image;
  }
}
