package dev.featuremap.job.training.rounds;

import dev.featuremap.format.ModelNotes;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.images.shard.EncodedSummary;
import dev.featuremap.job.images.shard.ShardLoad;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.watch.ImagesLoaded;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The images of a run, loaded and fingerprinted.
 *
 * @param train what workers train on
 * @param evaluated what epochs are evaluated on, validation images or else test images; empty if
 *     they are not
 * @param heldOut the test images, where epochs are evaluated on validation images
 * @param trainLoads what is known of each worker's shard
 * @param evaluatedLoads what is known of each shard that epochs are evaluated on
 * @param labels names of the classes in order; empty where they have none
 * @param bad the records of these sets that are left out
 */
public record TrainingData(
    ShardedImages train,
    Optional<ShardedImages> evaluated,
    Optional<HeldOutImages> heldOut,
    List<ShardLoad> trainLoads,
    List<ShardLoad> evaluatedLoads,
    List<String> labels,
    BadRecords bad) {

  /** What models say of the images. */
  public ModelNotes notes(DataSettings settings) {
    return new ModelNotes(
        labels, train.labelSets().isPresent(), settings.resize(), settings.upright());
  }

  /** Digest of each worker's shard. */
  public List<String> trainDigests() {
    return trainLoads.stream().map(ShardLoad::sha256).toList();
  }

  /** Digest of each shard of the validation images; none without such. */
  public List<String> validationDigests() {
    return heldOut.isPresent() ? evaluatedDigests() : List.of();
  }

  /** Digest of each shard of the test images; none where they are held out. */
  public List<String> testDigests() {
    return heldOut.isPresent() ? List.of() : evaluatedDigests();
  }

  private List<String> evaluatedDigests() {
    return evaluatedLoads.stream().map(ShardLoad::sha256).toList();
  }

  /** The set that epochs are evaluated on: {@code validation} or {@code test}. */
  public String evaluatedSet() {
    return heldOut.isPresent() ? "validation" : "test";
  }

  /** Images of the worker that has most; it decides how many steps an epoch has. */
  int largestShard() {
    return trainLoads.stream().mapToInt(ShardLoad::images).max().orElseThrow();
  }

  /** Images that are trained on. */
  public long trainImages() {
    return trainLoads.stream().mapToLong(ShardLoad::images).sum();
  }

  /** Images that are trained on, by class, up to the last class that has any. */
  public long[] trainClasses() {
    int classes = trainLoads.stream().mapToInt(load -> load.classes().length).max().orElse(0);
    long[] images = new long[classes];
    for (ShardLoad load : trainLoads) {
      for (int label = 0; label < load.classes().length; label++) {
        images[label] += load.classes()[label];
      }
    }
    return images;
  }

  /** Images that epochs are evaluated on. */
  public long evaluatedImages() {
    return evaluatedLoads.stream().mapToLong(ShardLoad::images).sum();
  }

  /** How images are kept that do not lie in memory; empty if all do. */
  private Optional<EncodedSummary> encoded() {
    return EncodedSummary.of(Stream.concat(trainLoads.stream(), evaluatedLoads.stream()).toList());
  }

  /** What those who watch the run are told of them. */
  public ImagesLoaded forListeners() {
    return new ImagesLoaded(
        trainImages(),
        heldOut.map(HeldOutImages::images).orElseGet(this::evaluatedImages),
        bad.count(),
        bad.lines(),
        encoded().map(EncodedSummary::toString));
  }
}
