package dev.featuremap.job.images.source.idx;

import static dev.featuremap.job.testing.MnistFiles.IMAGES_MAGIC;
import static dev.featuremap.job.testing.MnistFiles.LABELS_MAGIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Resize;
import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class IdxReadTest {
  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(2, FeaturemapKryoRegistrator.class);

  private static final int IMAGES = 12_000;
  private static final int IMAGE_BYTES = 28 * 28;

  @TempDir private Path directory;

  @Test
  void readsPlainFilesInRangesOfEightMegabytes() {
    JavaRDD<SourceRecord> read = read(random("images"), randomLabels("labels"));

    assertThat(read.glom().map(List::size).collect()).containsExactly(10_699, 1_301);
  }

  @Test
  void readsFourRangesInATaskUnlessThatLeavesCoresIdle() {
    IdxRecords million =
        new IdxRecords(
            new IdxFile(
                new org.apache.hadoop.fs.Path("images"),
                IdxFile.Kind.IMAGES,
                List.of(1_000_000L, 28L, 28L)),
            new IdxFile(
                new org.apache.hadoop.fs.Path("labels"), IdxFile.Kind.LABELS, List.of(1_000_000L)),
            false);

    assertThat(List.of(2, 16, 1_000).stream().map(million::tasks)).containsExactly(24, 48, 94);
  }

  @Test
  void keepsEveryPixelAndLabelOfAPlainFile() {
    assertIsRandomData(read(random("images"), randomLabels("labels")));
  }

  @Test
  void keepsEveryPixelAndLabelOfACompressedFile() {
    assertIsRandomData(read(random("images.gz"), randomLabels("labels.gz")));
  }

  @Test
  void readsCompressedImagesWithPlainLabels() {
    assertIsRandomData(read(random("images.gz"), randomLabels("labels")));
  }

  @Test
  void readsACompressedFileByOneTask() {
    JavaRDD<SourceRecord> read = read(random("images.gz"), randomLabels("labels.gz"));

    assertThat(read.glom().map(List::size).collect()).containsExactly(IMAGES);
  }

  @Test
  void namesALabelThatIsNoClass() {
    Path labels = labels("labels", new byte[] {0, 9, 4});

    assertFails(
        read(images("images", 3, 3), labels).map(record -> reading(9).classOf(record)),
        "Cannot use file:%s: the network has 9 classes, got label 9 at record 1, expected 0 to 8."
                .formatted(labels)
            + " Give the network's last layer more outputs, or mend the data.");
  }

  @Test
  void readsLabelsAsUnsigned() {
    Path labels = labels("labels", new byte[] {0, (byte) 200, 4});

    assertThat(
            read(images("images", 3, 3), labels)
                .map(record -> reading(201).classOf(record))
                .collect())
        .containsExactly(0, 200, 4);
  }

  @Test
  void refusesACompressedFileWithTooFewImages() {
    Path images = images("images.gz", 3, 2);

    assertFails(
        read(images, labels("labels", new byte[3])),
        "Cannot read file:%s: its content is truncated, expected 28 bytes, got 24. Fetch it again."
            .formatted(images));
  }

  @Test
  void refusesACompressedFileWithTooManyLabels() {
    Path labels =
        MnistFiles.write(directory.resolve("labels.gz"), LABELS_MAGIC, new int[] {3}, new byte[4]);

    assertFails(
        read(images("images.gz", 3, 3), labels),
        "Cannot read file:%s: its content goes on after the 3 labels of its head, expected 11 bytes."
            .formatted(labels));
  }

  @Test
  void refusesACompressedFileThatIsCutOff() throws IOException {
    Path images = random("images.gz");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length / 2));

    assertFails(
        read(images, randomLabels("labels")),
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
        read(images, labels("labels", new byte[3])),
        "Cannot read file:%s: its name ends in .gz, but it is not a sound gzip file (%s)."
            .formatted(images, "Corrupt GZIP trailer"));
  }

  private static void assertFails(JavaRDD<?> read, String message) {
    Throwable thrown = catchThrowable(read::count);
    assertThat(thrown).hasMessageStartingWith("Job aborted");
    JobException failure = TaskFailure.find(thrown).orElseThrow();
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  private static void assertIsRandomData(JavaRDD<SourceRecord> read) {
    byte[] labels = randomLabels();
    byte[] pixels = randomPixels();
    JavaRDD<Long> right =
        read.filter(
                record -> {
                  int index = (int) record.id();
                  byte[] image = reading(10).pixels(index, record.place(), record.content());
                  int from = index * IMAGE_BYTES;
                  return reading(10).classOf(record) == labels[index]
                      && Arrays.equals(image, 0, IMAGE_BYTES, pixels, from, from + IMAGE_BYTES);
                })
            .map(SourceRecord::id);
    assertThat(right.collect()).isEqualTo(LongStream.range(0, IMAGES).boxed().toList());
  }

  private static JavaRDD<SourceRecord> read(Path images, Path labels) {
    IdxDataset dataset =
        IdxDataset.open(
            new Configuration(),
            new org.apache.hadoop.fs.Path(images.toString()),
            new org.apache.hadoop.fs.Path(labels.toString()));
    return dataset.read(SPARK.context(), IdFilter.ALL);
  }

  private static ImageReading reading(int classes) {
    ImageFit fit = new ImageFit(new Shape(1, 28, 28), Resize.NONE);
    return new ImageReading(fit, LabelIndex.numbers(), classes, 1 << 20);
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
