package dev.featuremap.job.source;

import static dev.featuremap.job.testing.MnistFiles.IMAGES_MAGIC;
import static dev.featuremap.job.testing.MnistFiles.LABELS_MAGIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.image.ImageFit;
import dev.featuremap.job.image.Resize;
import dev.featuremap.job.shard.ShardKryo;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.MnistFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class IdxReadTest {
  @RegisterExtension static final LocalSpark SPARK = new LocalSpark(2, ShardKryo.class);

  private static final int IMAGES = 12_000;
  private static final int IMAGE_BYTES = 28 * 28;

  @TempDir private Path directory;

  @Test
  void readsPlainFilesInRangesOfEightMegabytes() {
    JavaRDD<ReadChunk> read = read(random("images"), randomLabels("labels"), 10);

    assertThat(read.getNumPartitions()).isEqualTo(2);
    assertThat(read.map(chunk -> chunk.images().size()).collect())
        .containsExactly(4_096, 4_096, 2_507, 1_301);
  }

  @Test
  void keepsEveryPixelAndLabelOfAPlainFile() {
    assertIsRandomData(read(random("images"), randomLabels("labels"), 10).collect());
  }

  @Test
  void keepsEveryPixelAndLabelOfACompressedFile() {
    assertIsRandomData(read(random("images.gz"), randomLabels("labels.gz"), 10).collect());
  }

  @Test
  void readsCompressedImagesWithPlainLabels() {
    assertIsRandomData(read(random("images.gz"), randomLabels("labels"), 10).collect());
  }

  @Test
  void readsACompressedFileByOneTask() {
    JavaRDD<ReadChunk> read = read(random("images.gz"), randomLabels("labels.gz"), 10);

    assertThat(read.getNumPartitions()).isEqualTo(1);
    assertThat(read.map(chunk -> chunk.images().size()).collect())
        .containsExactly(4_096, 4_096, 3_808);
  }

  @Test
  void namesALabelThatIsNoClass() {
    Path labels = labels("labels", new byte[] {0, 9, 4});

    assertFails(
        read(images("images", 3, 3), labels, 9),
        "Cannot use file:%s: the network has 9 classes, got label 9 at record 1, expected 0 to 8."
                .formatted(labels)
            + " Give the network's last layer more outputs, or mend the data.");
  }

  @Test
  void readsLabelsAsUnsigned() {
    Path labels = labels("labels", new byte[] {0, (byte) 200, 4});

    assertThat(read(images("images", 3, 3), labels, 201).collect().get(0).images().label(1))
        .isEqualTo(200);
  }

  @Test
  void refusesACompressedFileWithTooFewImages() {
    Path images = images("images.gz", 3, 2);

    assertFails(
        read(images, labels("labels", new byte[3]), 10),
        "Cannot read file:%s: its content is truncated, expected 28 bytes, got 24. Fetch it again."
            .formatted(images));
  }

  @Test
  void refusesACompressedFileWithTooManyLabels() {
    Path labels =
        MnistFiles.write(directory.resolve("labels.gz"), LABELS_MAGIC, new int[] {3}, new byte[4]);

    assertFails(
        read(images("images.gz", 3, 3), labels, 10),
        "Cannot read file:%s: its content goes on after the 3 labels of its head, expected 11 bytes."
            .formatted(labels));
  }

  @Test
  void refusesACompressedFileThatIsCutOff() throws IOException {
    Path images = random("images.gz");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length / 2));

    assertFails(
        read(images, randomLabels("labels"), 10),
        "Cannot read file:%s: it is truncated (Unexpected end of ZLIB input stream)."
            .formatted(images));
  }

  @Test
  void refusesACompressedFileWithAnotherChecksum() throws IOException {
    Path images = images("images.gz", 3, 3);
    byte[] whole = Files.readAllBytes(images);
    whole[whole.length - 8] ^= 1;
    Files.write(images, whole);

    assertFails(
        read(images, labels("labels", new byte[3]), 10),
        "Cannot read file:%s: its name ends in .gz, but it is not a sound gzip file (%s)."
            .formatted(images, "Corrupt GZIP trailer"));
  }

  private static void assertFails(JavaRDD<ReadChunk> read, String message) {
    Throwable thrown = catchThrowable(read::count);
    assertThat(thrown).hasMessageStartingWith("Job aborted");
    JobException failure = TaskFailure.find(thrown).orElseThrow();
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  private static void assertIsRandomData(List<ReadChunk> chunks) {
    byte[] labels = randomLabels();
    ByteBuffer pixels = ByteBuffer.wrap(randomPixels());
    long record = 0;
    for (ReadChunk read : chunks) {
      ImageChunk chunk = read.images();
      byte[] expected = new byte[chunk.size() * IMAGE_BYTES];
      pixels.get(expected);
      assertThat(Arrays.equals(chunk.pixels(), expected)).isTrue();
      for (int index = 0; index < chunk.size(); index++) {
        assertThat(chunk.record(index)).isEqualTo(record);
        assertThat(chunk.label(index)).isEqualTo(labels[(int) record]);
        record++;
      }
    }
    assertThat(record).isEqualTo(IMAGES);
  }

  private static JavaRDD<ReadChunk> read(Path images, Path labels, int classes) {
    IdxDataset dataset =
        IdxDataset.open(
            new Configuration(),
            new org.apache.hadoop.fs.Path(images.toString()),
            new org.apache.hadoop.fs.Path(labels.toString()));
    ImageFit fit = new ImageFit(dataset.shape().orElseThrow(), Resize.NONE);
    return dataset
        .read(SPARK.context(), IdFilter.ALL)
        .mapPartitions(new ImageReading(fit, dataset.labels(), classes, 1 << 20));
  }

  private Path random(String name) {
    return MnistFiles.write(
        directory.resolve(name), IMAGES_MAGIC, new int[] {IMAGES, 28, 28}, randomPixels());
  }

  private static byte[] randomPixels() {
    byte[] pixels = new byte[IMAGES * IMAGE_BYTES];
    new Random(7).nextBytes(pixels);
    return pixels;
  }

  private Path randomLabels(String name) {
    return labels(name, randomLabels());
  }

  private static byte[] randomLabels() {
    Random random = new Random(8);
    byte[] labels = new byte[IMAGES];
    for (int index = 0; index < labels.length; index++) {
      labels[index] = (byte) random.nextInt(10);
    }
    return labels;
  }

  private Path images(String name, int promised, int written) {
    return MnistFiles.write(
        directory.resolve(name), IMAGES_MAGIC, new int[] {promised, 2, 2}, new byte[written * 4]);
  }

  private Path labels(String name, byte[] labels) {
    return MnistFiles.write(
        directory.resolve(name), LABELS_MAGIC, new int[] {labels.length}, labels);
  }
}
