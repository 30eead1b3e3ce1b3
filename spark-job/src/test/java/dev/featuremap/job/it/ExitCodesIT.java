package dev.featuremap.job.it;

import static dev.featuremap.job.testing.MnistFiles.IMAGES_MAGIC;
import static dev.featuremap.job.testing.MnistFiles.LABELS_MAGIC;
import static dev.featuremap.job.testing.MnistFiles.TRAIN_IMAGES;
import static dev.featuremap.job.testing.MnistFiles.TRAIN_LABELS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.UnderTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What spark-submit's process leaves for its scheduler: an exit code, and one message without any
 * stack trace. Code 75 is a fact of {@link TwoDriversIT}.
 */
class ExitCodesIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private Path data;

  @BeforeEach
  void writeDigits() throws Exception {
    data = MnistFiles.firstDigits(Files.createDirectory(directory.resolve("data")), 100, 20, "");
  }

  @Test
  void is0WhenAllIsWell() throws Exception {
    try (SubmittedJob job = submit("validate", "--data=" + data, "--output=" + directory)) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      assertThat(job.output()).contains("ready to train");
    }
  }

  @Test
  void is64ForAnUnknownKey() throws Exception {
    assertFails(64, "Did you mean train.epochs?", data, directory, "--set=train.epoch=3");
  }

  @Test
  void is65ForTruncatedData() throws Exception {
    MnistFiles.write(
        data.resolve(TRAIN_IMAGES), IMAGES_MAGIC, new int[] {100, 28, 28}, new byte[5_000]);

    assertFails(65, "It is truncated", data, directory);
  }

  @Test
  void is65ForALabelThatATaskFinds() throws Exception {
    byte[] labels = new byte[100];
    labels[7] = 12;
    MnistFiles.write(data.resolve(TRAIN_LABELS), LABELS_MAGIC, new int[] {100}, labels);

    assertFails(65, "got label 12 at record 7, expected 0 to 9", data, directory);
  }

  @Test
  void is66ForMissingDataAndWhatMakesARunSlowIsSaidBefore() throws Exception {
    try (SubmittedJob job =
        SubmittedJob.in(directory.resolve("job"))
            .conf("spark.ui.enabled", "false")
            .jvmOption("-XX:-UseFMA")
            .start("train", "--data=" + directory.resolve("nothing"), "--output=" + directory)) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isEqualTo(66);
      assertThat(job.errors())
          .contains(
              "kernels=scalar: training is many times slower than with vectors. Start the JVM")
          .containsOnlyOnce("featuremap: Cannot ")
          .contains("the directory does not exist")
          .doesNotContain("\tat ", "Exception in thread");
    }
  }

  @Test
  void is73ForAnOutputThatCannotBeWritten() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertFails(73, "Cannot write to", data, file.resolve("runs"));
  }

  private void assertFails(int code, String reason, Path input, Path output, String... settings)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("train"));
    arguments.addAll(List.of("--data=" + input, "--output=" + output));
    arguments.addAll(List.of(settings));
    try (SubmittedJob job = submit(arguments.toArray(String[]::new))) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isEqualTo(code);
      assertThat(job.errors())
          .containsOnlyOnce("featuremap: Cannot ")
          .contains(reason)
          .doesNotContain("\tat ", "Exception in thread");
    }
  }

  private SubmittedJob submit(String... arguments) throws Exception {
    return SubmittedJob.in(directory.resolve("job"))
        .conf("spark.ui.enabled", "false")
        .light()
        .start(arguments);
  }
}
