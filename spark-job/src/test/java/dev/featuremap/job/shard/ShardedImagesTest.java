package dev.featuremap.job.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.Shard;
import dev.featuremap.job.source.IdxDataset;
import dev.featuremap.job.source.IdxDirectory;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.tensor.Shape;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedImagesTest {
  @RegisterExtension static final LocalSpark SPARK = new LocalSpark(2, ShardKryo.class);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void givesEachWorkerItsRecordsWithTheirPixelsAndLabels(int workers) throws IOException {
    byte[] pixels = content(MnistFiles.TEST_IMAGES, 16);
    byte[] labels = content(MnistFiles.TEST_LABELS, 8);
    ShardedImages images = shard(SPARK.context(), digits().test(), workers);
    ShardLayout layout = new ShardLayout(10_000, workers, 1);

    List<ImageChunk>[] partitions =
        images.chunks().collectPartitions(IntStream.range(0, workers).toArray());

    assertThat(partitions).hasSize(workers);
    for (int worker = 0; worker < workers; worker++) {
      Shard shard = ShardedImages.shard(partitions[worker].iterator());
      assertThat(shard.size()).isEqualTo(layout.sizeOf(worker));
      for (int position = 0; position < shard.size(); position++) {
        ImageChunk chunk = shard.chunkOf(position);
        int index = Shard.indexInChunk(position);
        int record = (int) chunk.record(index);
        assertThat(layout.workerOf(record)).isEqualTo(worker);
        assertThat(layout.positionOf(record)).isEqualTo(position);
        assertThat(chunk.label(index)).isEqualTo(labels[record]);
        assertThat(
                Arrays.equals(
                    chunk.pixels(),
                    index * 784,
                    (index + 1) * 784,
                    pixels,
                    record * 784,
                    (record + 1) * 784))
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void makesTheSameShardsOfCompressedFiles(int workers) {
    MnistFiles.firstDigits(directory, 12_000, 1, ".gz");
    IdxDataset compressed = open(directory).train();
    Path plainDirectory = directory.resolve("plain");
    assertThat(plainDirectory.toFile().mkdir()).isTrue();
    IdxDataset plain = open(MnistFiles.firstDigits(plainDirectory, 12_000, 1, "")).train();

    assertThat(shard(SPARK.context(), compressed, workers).load())
        .usingRecursiveComparison()
        .isEqualTo(shard(SPARK.context(), plain, workers).load());
  }

  @Test
  void tellsWhatItHolds() {
    ShardedImages images = shard(SPARK.context(), digits().train(), 7);

    assertThat(images.workers()).isEqualTo(7);
    assertThat(images.records()).isEqualTo(60_000);
    assertThat(images.shape()).isEqualTo(new Shape(1, 28, 28));
    assertThat(images.load())
        .extracting(ShardLoad::images)
        .containsExactly(8_572, 8_572, 8_572, 8_571, 8_571, 8_571, 8_571);
  }

  @Test
  void staysInMemoryAndOnDisk() {
    ShardedImages images = shard(SPARK.context(), digits().test(), 2);
    images.chunks().count();

    assertThat(SPARK.context().getPersistentRDDs().values())
        .anySatisfy(
            kept -> {
              assertThat(kept.name()).isEqualTo("test images, 2 shards");
              assertThat(kept.getStorageLevel()).isEqualTo(StorageLevel.MEMORY_AND_DISK());
            });
  }

  private static ShardedImages shard(JavaSparkContext spark, IdxDataset dataset, int workers) {
    return Readings.shards(spark, dataset, 10, new ShardLayout(dataset.images(), workers, 1));
  }

  private static IdxDirectory digits() {
    return open(MnistFiles.directory());
  }

  private static IdxDirectory open(Path directory) {
    return IdxDirectory.open(
        new Configuration(), new org.apache.hadoop.fs.Path(directory.toString()));
  }

  private static byte[] content(String name, int head) throws IOException {
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(MnistFiles.directory().resolve(name)))) {
      in.skipNBytes(head);
      return in.readAllBytes();
    }
  }
}
