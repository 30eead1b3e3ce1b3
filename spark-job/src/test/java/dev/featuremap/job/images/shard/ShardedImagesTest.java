package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.ImageView;
import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.idx.IdxDataset;
import dev.featuremap.job.images.source.idx.IdxDirectory;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.MnistFiles;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedImagesTest {
  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(2, FeaturemapKryoRegistrator.class);

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"1, PIXELS", "3, PIXELS", "8, PIXELS", "1, ENCODED", "3, ENCODED"})
  void givesEachWorkerItsRecordsWithTheirPixelsAndLabels(int workers, ShardStorage keep)
      throws IOException {
    byte[] pixels = content(MnistFiles.TEST_IMAGES, 16);
    byte[] labels = content(MnistFiles.TEST_LABELS, 8);
    ShardedImages images = shard(digits().test(), workers, keep);
    ShardLayout layout = new ShardLayout(10_000, workers, 1);

    List<long[]> records =
        images
            .shards()
            .map(
                shard -> {
                  List<ImageView> views = Readings.images(shard);
                  views.forEach(view -> assertShows(view, pixels, labels));
                  return views.stream().mapToLong(ImageView::record).toArray();
                })
            .collect();

    assertThat(records).hasSize(workers);
    for (int worker = 0; worker < workers; worker++) {
      assertThat(records.get(worker)).hasSize(layout.sizeOf(worker));
      for (int position = 0; position < layout.sizeOf(worker); position++) {
        long record = records.get(worker)[position];
        assertThat(layout.workerOf(record)).isEqualTo(worker);
        assertThat(layout.positionOf(record)).isEqualTo(position);
      }
    }
  }

  private static void assertShows(ImageView view, byte[] pixels, byte[] labels) {
    int record = (int) view.record();
    assertThat(view.label()).isEqualTo(labels[record]);
    assertThat(
            Arrays.equals(
                view.pixels(),
                view.offset(),
                view.offset() + 784,
                pixels,
                record * 784,
                (record + 1) * 784))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void makesTheSameShardsOfCompressedFiles(int workers) {
    MnistFiles.firstDigits(directory, 12_000, 1, ".gz");
    IdxDataset compressed = open(directory).train();
    Path plainDirectory = directory.resolve("plain");
    assertThat(plainDirectory.toFile().mkdir()).isTrue();
    IdxDataset plain = open(MnistFiles.firstDigits(plainDirectory, 12_000, 1, "")).train();

    assertThat(digests(shard(compressed, workers, ShardStorage.PIXELS)))
        .isEqualTo(digests(shard(plain, workers, ShardStorage.PIXELS)));
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhatItHolds(ShardStorage keep) {
    ShardedImages images = shard(digits().train(), 7, keep);

    assertThat(images.layout()).isEqualTo(new ShardLayout(60_000, 7, 1));
    assertThat(images.load())
        .extracting(ShardLoad::images)
        .containsExactly(8_572, 8_572, 8_572, 8_571, 8_571, 8_571, 8_571);
  }

  @Test
  void keepsPixelsInMemoryAndOnDisk() {
    shard(digits().test(), 2, ShardStorage.PIXELS).load();

    assertThat(SPARK.context().getPersistentRDDs().values())
        .anySatisfy(
            kept -> {
              assertThat(kept.name()).isEqualTo("test images, 2 shards");
              assertThat(kept.getStorageLevel()).isEqualTo(StorageLevel.MEMORY_AND_DISK());
            });
  }

  @Test
  void makesEncodedShardsOnce() {
    ShardedImages images = shard(digits().test(), 2, ShardStorage.ENCODED);
    List<Integer> made = identities(images);

    assertThat(identities(images)).isEqualTo(made);
    assertThat(identities(shard(digits().test(), 2, ShardStorage.ENCODED))).isNotEqualTo(made);
  }

  @Test
  void hasTheSameDigestsHoweverItIsKept() {
    assertThat(digests(shard(digits().test(), 3, ShardStorage.ENCODED)))
        .isEqualTo(digests(shard(digits().test(), 3, ShardStorage.PIXELS)));
  }

  /** Tasks of the same process see the same objects. */
  private static List<Integer> identities(ShardedImages images) {
    return images.shards().map(System::identityHashCode).collect();
  }

  private static List<String> digests(ShardedImages images) {
    return images.load().stream().map(ShardLoad::sha256).toList();
  }

  private static ShardedImages shard(IdxDataset dataset, int workers, ShardStorage keep) {
    ShardLayout layout = new ShardLayout(dataset.images(), workers, 1);
    return Readings.shards(SPARK.context(), dataset, 10, layout, keep);
  }

  private static IdxDirectory digits() {
    return open(MnistFiles.directory());
  }

  private static IdxDirectory open(Path directory) {
    return IdxDirectory.open(
        DataFolder.of(new Configuration(), new org.apache.hadoop.fs.Path(directory.toString())));
  }

  private static byte[] content(String name, int head) throws IOException {
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(MnistFiles.directory().resolve(name)))) {
      in.skipNBytes(head);
      return in.readAllBytes();
    }
  }
}
