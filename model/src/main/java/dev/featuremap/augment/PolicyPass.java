package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Normalization;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;

/**
 * Applies a {@link Policy}. An image becomes levels from 0 to 255 for it, rounded where an earlier
 * change has left something between, and values again; one that gets no operation but the identity
 * stays as it is.
 */
final class PolicyPass {
  private final Policy policy;
  private final Normalization normalization;
  private final int channels;
  private final int height;
  private final int width;

  PolicyPass(Policy policy, Shape shape, Normalization normalization) {
    this.policy = policy;
    this.normalization = normalization;
    channels = shape.channels();
    height = shape.height();
    width = shape.width();
  }

  void apply(LaneBlock block, Workspace work) {
    for (int lane = 0; lane < block.images(); lane++) {
      boolean loaded = false;
      for (int index = 0; index < policy.operations(); index++) {
        Operation operation = operation(work.draws[lane], index);
        if (operation != Operation.IDENTITY) {
          if (!loaded) {
            load(block.pixels(), lane, work.levels.levels());
            loaded = true;
          }
          operation.apply(work.levels, magnitude(operation, work.draws[lane], index));
        }
      }
      if (loaded) {
        store(work.levels.levels(), block.pixels(), lane);
      }
    }
  }

  private static Operation operation(ImageDraws draws, int index) {
    return Operation.of((int) (draws.uniform(ImageDraws.OPERATION, index) * Operation.count()));
  }

  private double magnitude(Operation operation, ImageDraws draws, int index) {
    Policy.Kind kind = policy.kind().orElseThrow();
    int bin =
        kind == Policy.Kind.RAND_AUGMENT
            ? policy.magnitude()
            : (int) (draws.uniform(ImageDraws.MAGNITUDE, index) * Policy.BINS);
    double magnitude = operation.magnitude(kind, bin, height, width);
    boolean other = operation.isSigned() && draws.uniform(ImageDraws.SIGN, index) < 0.5;
    return other ? -magnitude : magnitude;
  }

  private void load(float[] pixels, int lane, int[] levels) {
    int plane = height * width;
    for (int c = 0; c < channels; c++) {
      float black = normalization.black(c);
      float scale = 255 / (normalization.white(c) - black);
      for (int at = c * plane; at < (c + 1) * plane; at++) {
        float level = (pixels[at * Lanes.COUNT + lane] - black) * scale + 0.5f;
        levels[at] = (int) Math.max(0f, Math.min(255f, level));
      }
    }
  }

  private void store(int[] levels, float[] pixels, int lane) {
    int plane = height * width;
    for (int c = 0; c < channels; c++) {
      float[] values = normalization.table(c);
      for (int at = c * plane; at < (c + 1) * plane; at++) {
        pixels[at * Lanes.COUNT + lane] = values[levels[at]];
      }
    }
  }
}
