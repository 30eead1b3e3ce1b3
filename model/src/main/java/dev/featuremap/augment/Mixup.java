package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.kernel.Fma;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;

/**
 * Mixes each image with the next one of its block, and its class with the next one's (Zhang et al.
 * 2018, "mixup: beyond empirical risk minimization"): {@code s · image + (1 - s) · next} with s of
 * Beta(α, α), its larger side, so that the image's own class stays the first.
 *
 * <p>The order of an epoch is random, so the next image of a block is a random one.
 */
record Mixup(double alpha) {

  void apply(LaneBlock block, ImageDraws[] draws) {
    Targets targets = block.targets();
    float[] shares = targets.shares();
    for (int lane = 0; lane < draws.length; lane++) {
      shares[lane] = (float) share(draws[lane]);
      targets.others()[lane] = targets.classes()[next(lane, draws.length)];
    }
    mix(block, shares, draws.length);
  }

  private static int next(int lane, int images) {
    return lane + 1 < images ? lane + 1 : 0;
  }

  private static void mix(LaneBlock block, float[] shares, int images) {
    float[] from = block.pixels();
    float[] to = block.spare();
    for (int at = 0; at < from.length; at += Lanes.COUNT) {
      for (int lane = 0; lane < images; lane++) {
        float other = from[at + next(lane, images)];
        to[at + lane] = Fma.of(shares[lane], from[at + lane] - other, other);
      }
      for (int lane = images; lane < Lanes.COUNT; lane++) {
        to[at + lane] = 0f;
      }
    }
    block.swap();
  }

  /**
   * Beta(α, α) for α up to 1 by the rejection of Jöhnk 1964; accepts at least half of the pairs.
   */
  private double share(ImageDraws draws) {
    double first;
    double second;
    int index = 0;
    do {
      first = StrictMath.pow(draws.uniformOpen(ImageDraws.MIXUP, index++), 1 / alpha);
      second = StrictMath.pow(draws.uniformOpen(ImageDraws.MIXUP, index++), 1 / alpha);
    } while (first + second > 1 || first + second == 0);
    double share = first / (first + second);
    return Math.max(share, 1 - share);
  }
}
