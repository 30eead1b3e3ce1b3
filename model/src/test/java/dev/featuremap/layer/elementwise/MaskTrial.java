package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/** What a layer that drops parts of images at random makes of ones. */
final class MaskTrial {
  private MaskTrial() {}

  /** In training; records are 100 apart, so that blocks do not share any. */
  static float[] train(
      LayerSpec spec, Shape shape, long seed, int epoch, int layer, long firstRecord) {
    return apply(spec, shape, layer, new BlockPass().train(seed, epoch), firstRecord);
  }

  /** In evaluation. */
  static float[] evaluate(LayerSpec spec, Shape shape) {
    return apply(spec, shape, 0, new BlockPass().evaluate(), 0);
  }

  private static float[] apply(
      LayerSpec spec, Shape shape, int layer, BlockPass pass, long firstRecord) {
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      pass.records()[lane] = firstRecord + 100L * lane;
    }
    float[] ones = new float[shape.blockSize()];
    Arrays.fill(ones, 1f);
    float[] output = new float[shape.blockSize()];
    SingleBlockLayer mask =
        (SingleBlockLayer)
            spec.build(
                shape, new LayerPlace(layer, 0, 0, 1, true, new Scratch()), new ScalarKernels());
    mask.forward(pass, ones, output);
    return output;
  }

  /** The share of equal values. */
  static double agreement(float[] first, float[] second) {
    int equal = 0;
    for (int k = 0; k < first.length; k++) {
      equal += first[k] == second[k] ? 1 : 0;
    }
    return (double) equal / first.length;
  }
}
