package dev.featuremap.job.training.rounds;

import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.TaskMemory;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.job.images.shard.ShardLoad;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.train.Features;
import dev.featuremap.train.Team;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.StorageLevel;

/**
 * What the frozen part of a network makes of sharded images, which Spark caches; what is lost, it
 * computes again.
 */
final class FeatureShards implements ShardedImages {
  private final ShardedImages images;
  private final JavaRDD<Shard> features;

  /**
   * Features that are computed by the first action.
   *
   * @param name what Spark's storage page shows
   * @param plan as executors get it
   */
  FeatureShards(ShardedImages images, String name, TrainingPlan plan) {
    this.images = images;
    this.features =
        images
            .shards()
            .mapPartitions(new FeatureTask(plan), true)
            .setName(String.format(Locale.ROOT, "%s, %d shards", name, images.layout().workers()))
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  @Override
  public JavaRDD<Shard> shards() {
    return features;
  }

  @Override
  public List<ShardLoad> load() {
    return features.map(shard -> ShardLoad.of(shard, BadRecords.NONE)).collect();
  }

  @Override
  public void release() {
    features.unpersist(false);
  }

  @Override
  public Optional<LabelSets> labelSets() {
    return images.labelSets();
  }

  @Override
  public ShardLayout layout() {
    return images.layout();
  }

  /** Computes the features of a shard: a pure function of its images and the frozen values. */
  private record FeatureTask(TrainingPlan plan) implements FlatMapFunction<Iterator<Shard>, Shard> {
    @Override
    public Iterator<Shard> call(Iterator<Shard> shards) {
      return TaskMemory.explain("compute features", () -> compute(shards.next()));
    }

    private Iterator<Shard> compute(Shard shard) {
      try (Team team = TaskTeam.start()) {
        Shard features = Features.of(plan.network(), KernelLookup.kernels(), shard, team);
        return List.of(features).iterator();
      }
    }
  }
}
