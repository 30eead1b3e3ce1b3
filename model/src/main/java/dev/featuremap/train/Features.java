package dev.featuremap.train;

import dev.featuremap.data.FeatureShard;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;

/**
 * What the frozen part below all that is trained makes of a shard, computed once: training on it
 * gives the bits of training on the shard.
 */
public final class Features {
  /** Images that are computed together. */
  private static final int MOST_IMAGES = 256;

  /** Values of a chunk, 256 MiB, as long as 16 images take no more. */
  private static final int MOST_VALUES = 1 << 26;

  private Features() {}

  /**
   * Computes the features of a shard.
   *
   * @param plan with the values of what is frozen; must have a {@link NetworkPlan#featureCut}
   * @param team whose threads share the work
   */
  public static FeatureShard of(NetworkPlan plan, Kernels kernels, Shard shard, Team team) {
    NetworkPlan below = plan.featureCut().orElseThrow().below();
    // Nothing of it is read: all that has parameters is frozen.
    float[] trained = new float[plan.parameters() + plan.buffers()];
    Predictor predictor = new Predictor(below, kernels, trained, team);
    int each = below.output().size();
    int together = imagesTogether(each);
    float[][] values = new float[(shard.size() + together - 1) / together][];
    long[] records = new long[shard.size()];
    int[] labels = new int[shard.size()];
    try (ShardBlocks blocks = ShardBlocks.ofAll(shard)) {
      for (int chunk = 0; chunk < values.length; chunk++) {
        int from = chunk * together;
        int images = blocks.select(from, together);
        values[chunk] = new float[images * each];
        predictor.featuresInto(blocks, images, values[chunk]);
        for (int image = from; image < from + images; image++) {
          records[image] = blocks.record(image);
          labels[image] = blocks.label(image);
        }
      }
    }
    return new FeatureShard(
        shard.sha256(), records, labels, values, together, predictor.unusedLane());
  }

  private static int imagesTogether(int values) {
    int images = Math.max(Lanes.COUNT, Math.min(MOST_IMAGES, MOST_VALUES / values));
    return images - images % Lanes.COUNT;
  }

  /** The plan that works on a shard: of features, what is above them. */
  static NetworkPlan planOn(Shard shard, NetworkPlan plan) {
    return shard.holdsFeatures() ? plan.featureCut().orElseThrow().above() : plan;
  }
}
