package dev.featuremap.job.images.source.idx;

import static dev.featuremap.job.testing.MnistFiles.IMAGES_MAGIC;
import static dev.featuremap.job.testing.MnistFiles.LABELS_MAGIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.tensor.Shape;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxDirectoryTest {
  @TempDir private Path directory;

  @Test
  void opensTheRealDigits() {
    IdxDirectory digits = open(MnistFiles.directory());

    assertThat(digits.train().images()).isEqualTo(60_000);
    assertThat(digits.test().images()).isEqualTo(10_000);
    assertThat(digits.train().shape()).contains(new Shape(1, 28, 28));
  }

  @ParameterizedTest
  @CsvSource({"-,''", "-,.gz", ".,''", ".,.gz"})
  void takesEverySpelling(String separator, String extension) {
    writeAll(separator, extension, 2);

    assertThat(open(directory).test().images()).isEqualTo(2);
  }

  @Test
  void prefersAPlainFileToACompressedOne() {
    writeAll("-", ".gz", 2);
    writeAll(".", "", 3);

    assertThat(open(directory).train())
        .hasToString(
            "3 images of [1, 1, 1] in file:%s/train-images.idx3-ubyte".formatted(directory));
  }

  @Test
  void namesTheMissingFilesAndWhatIsAccepted() {
    image("train-images-idx3-ubyte", 1);
    label("t10k-labels.idx1-ubyte.gz", 1);

    assertFails(
        directory,
        "Cannot find IDX files in file:%s: it lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte."
                .formatted(directory)
            + " Each is accepted with '.' instead of '-' before idx, plain or with .gz.");
  }

  @Test
  void namesAMissingDirectory() {
    Path absent = directory.resolve("absent");

    assertFails(
        absent,
        "Cannot find IDX files in file:%s: the directory does not exist.".formatted(absent));
  }

  @Test
  void refusesAFileInPlaceOfADirectory() {
    Path file = image("train-images-idx3-ubyte", 1);

    assertFails(
        file,
        "Cannot find IDX files in file:%s: it is a file, expected a directory.".formatted(file));
  }

  private void writeAll(String separator, String extension, int count) {
    for (String split : new String[] {"train", "t10k"}) {
      image(split + "-images" + separator + "idx3-ubyte" + extension, count);
      label(split + "-labels" + separator + "idx1-ubyte" + extension, count);
    }
  }

  private Path image(String name, int count) {
    return MnistFiles.write(
        directory.resolve(name), IMAGES_MAGIC, new int[] {count, 1, 1}, new byte[count]);
  }

  private void label(String name, int count) {
    MnistFiles.write(directory.resolve(name), LABELS_MAGIC, new int[] {count}, new byte[count]);
  }

  private static void assertFails(Path directory, String message) {
    JobException failure = catchThrowableOfType(JobException.class, () -> open(directory));
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.MISSING_INPUT);
  }

  private static IdxDirectory open(Path directory) {
    return IdxDirectory.open(
        DataFolder.of(new Configuration(), new org.apache.hadoop.fs.Path(directory.toString())));
  }
}
