package dev.featuremap.job.images.source.idx;

import static dev.featuremap.job.testing.MnistFiles.IMAGES_MAGIC;
import static dev.featuremap.job.testing.MnistFiles.LABELS_MAGIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxDatasetTest {
  private static final int IMAGES_OF_COLOUR_MAGIC = 0x0804;

  @TempDir private Path directory;
  private Path images;
  private Path labels;

  @BeforeEach
  void writeThreeImages() {
    images = directory.resolve("images");
    labels = directory.resolve("labels");
    writeImages(IMAGES_MAGIC, new int[] {3, 2, 4}, 24);
    MnistFiles.write(labels, LABELS_MAGIC, new int[] {3}, new byte[3]);
  }

  @Test
  void takesOneChannelFromThreeDimensions() {
    assertThat(open().shape()).contains(new Shape(1, 2, 4));
    assertThat(open().images()).isEqualTo(3);
  }

  @Test
  void takesChannelsFromFourDimensions() {
    writeImages(IMAGES_OF_COLOUR_MAGIC, new int[] {3, 3, 2, 4}, 72);

    assertThat(open().shape()).contains(new Shape(3, 2, 4));
  }

  @Test
  void refusesAnotherNumberOfLabels() {
    MnistFiles.write(labels, LABELS_MAGIC, new int[] {4}, new byte[4]);

    assertFails(
        "Cannot join file:%s to file:%s: every image needs one label, got 3 images and 4 labels."
                .formatted(labels, images)
            + " Give the two files of one split.");
  }

  @Test
  void refusesATruncatedFile() {
    writeImages(IMAGES_MAGIC, new int[] {3, 2, 4}, 20);

    assertFails(
        "Cannot read file:%s: its head promises 3 images, expected 40 bytes, got 36."
                .formatted(images)
            + " It is truncated: fetch it again.");
  }

  @Test
  void refusesTrailingBytes() {
    MnistFiles.write(labels, LABELS_MAGIC, new int[] {3}, new byte[5]);

    assertFails(
        "Cannot read file:%s: its head promises 3 labels, expected 11 bytes, got 13."
                .formatted(labels)
            + " 2 bytes trail the last record: fetch it again or remove them.");
  }

  @Test
  void comparesSizesBeyondThirtyTwoBits() {
    writeImages(IMAGES_MAGIC, new int[] {-1, 512, 512}, 0);

    assertFails(
        "Cannot read file:%s: its head promises 4294967295 images, expected 1125899906580496 bytes,"
                .formatted(images)
            + " got 16. It is truncated: fetch it again.");
  }

  @Test
  void refusesAnEmptySet() {
    writeImages(IMAGES_MAGIC, new int[] {0, 2, 4}, 0);

    assertFails("Cannot read file:%s: expected at least 1 record, got 0 images.".formatted(images));
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    Files.write(images, new byte[0]);

    assertFails(
        "Cannot read file:%s: it ends within the head of an IDX file.".formatted(images)
            + " It is truncated or empty: fetch it again.");
  }

  @Test
  void refusesImagesWithoutPixels() {
    writeImages(IMAGES_MAGIC, new int[] {3, 0, 4}, 0);

    assertFails(
        "Cannot read file:%s: an image must have 1 to 524287 bytes, got dimensions [3, 0, 4]."
                .formatted(images)
            + " Make the images smaller, or fetch the file again if it should be smaller.");
  }

  @Test
  void refusesImagesOfUnreasonableSize() {
    writeImages(IMAGES_OF_COLOUR_MAGIC, new int[] {3, -1, -1, -1}, 0);

    assertThat(failure())
        .hasMessageContaining("got dimensions [3, 4294967295, 4294967295, 4294967295].");
  }

  @Test
  void saysWhichOtherTypeWasFound() {
    writeImages(0x0d03, new int[] {3, 2, 4}, 96);

    assertFails(
        "Cannot read file:%s: a file of images begins with 0x00000803 or 0x00000804, got 0x00000d03"
                .formatted(images)
            + " (32-bit floats in 3 dimensions).");
  }

  @Test
  void saysThatLabelsWereGivenAsImages() {
    images = labels;

    assertThat(failure()).hasMessageEndingWith("got 0x00000801 (unsigned bytes in 1 dimension).");
  }

  @Test
  void saysThatImagesWereGivenAsLabels() {
    labels = images;

    assertThat(failure())
        .hasMessageContaining("a file of labels begins with 0x00000801, got 0x00000803");
  }

  @Test
  void recognisesGzipWithoutItsEnding() throws IOException {
    Path compressed =
        MnistFiles.write(
            directory.resolve("images.gz"), IMAGES_MAGIC, new int[] {3, 2, 4}, new byte[24]);
    Files.move(compressed, directory.resolve("unnamed"));
    images = directory.resolve("unnamed");

    assertThat(failure()).hasMessageEndingWith("(gzip data: let the file's name end in .gz).");
  }

  @Test
  void refusesAnythingElse() throws IOException {
    Files.writeString(images, "<html>Not found</html>");

    assertThat(failure()).hasMessageEndingWith("got 0x3c68746d (not an IDX file).");
  }

  @Test
  void refusesAPlainFileNamedGz() throws IOException {
    images = Files.move(images, directory.resolve("images.gz"));

    assertFails(
        "Cannot read file:%s: its name ends in .gz, but it is not a sound gzip file (%s)."
            .formatted(images, "Not in GZIP format"));
  }

  @Test
  void checksTheHeadOfACompressedFileToo() {
    images = directory.resolve("images.gz");
    writeImages(0x0903, new int[] {3, 2, 4}, 24);

    assertThat(failure()).hasMessageEndingWith("(signed bytes in 3 dimensions).");
  }

  @Test
  void namesAMissingFile() {
    images = directory.resolve("absent");

    assertThat(failure()).hasMessage("Cannot read file:%s: it does not exist.".formatted(images));
    assertThat(failure().exitCode()).isEqualTo(ExitCode.MISSING_INPUT);
  }

  @Test
  void namesASchemeWithoutFileSystem() {
    assertRefuses(
        "nowhere://host/images",
        "Cannot read nowhere://host/images: no file system is installed for its scheme.");
  }

  @Test
  void explainsALocalPathWithTwoSlashes() {
    assertRefuses(
        "file://tmp/images",
        "Cannot read file://tmp/images: its file system refuses it"
            + " (Wrong FS: file://tmp/images, expected: file:///). Check its scheme and host:"
            + " local paths take three slashes, file:///data.");
  }

  private void assertRefuses(String imagesPath, String message) {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(imagesPath);
    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> IdxDataset.open(new Configuration(), path, hadoop(labels)));
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  private void writeImages(int magic, int[] sizes, int bytes) {
    MnistFiles.write(images, magic, sizes, new byte[bytes]);
  }

  private void assertFails(String message) {
    assertThat(failure()).hasMessage(message);
    assertThat(failure().exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  private JobException failure() {
    return catchThrowableOfType(JobException.class, this::open);
  }

  private IdxDataset open() {
    return IdxDataset.open(new Configuration(), hadoop(images), hadoop(labels));
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }
}
