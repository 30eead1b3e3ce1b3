package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.run.EpochMetrics;
import dev.featuremap.job.run.EpochTimes;
import dev.featuremap.job.run.RunDirectory;
import dev.featuremap.job.run.RunId;
import dev.featuremap.job.run.RunResult;
import dev.featuremap.job.run.RunStatus;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Training runs that differ in their names only: a small convolutional network with one of each
 * kind of layer, trained by two workers on the first of the real digits.
 */
final class TrainingRuns {
  /** How long a run may take on a busy machine. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  private static final String SETTINGS =
      """
      network {
        input { shape = [1, 28, 28], mean = 0.1307, deviation = 0.3081 }
        layers = [
          { type = convolution, feature-maps = 6, field = 5, padding = 2 }
          { type = relu }
          { type = max-pool, window = 2 }
          { type = convolution, feature-maps = 16, field = 5 }
          { type = relu }
          { type = convolution, feature-maps = 17, field = 3, padding = same }
          { type = max-pool, window = 2 }
          { type = fully-connected, outputs = 40 }
          { type = relu }
          { type = dropout, rate = 0.25 }
          { type = fully-connected, outputs = 10 }
        ]
        loss = softmax-cross-entropy
      }
      train { epochs = %d, workers = 2, batch-size = 40, learning-rate = 0.002, optimizer.type = adam }
      sync.every = "%s"
      """;

  private final Path directory;
  private int started;

  private TrainingRuns(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes data and settings into a directory, which the runs share.
   *
   * @param digits training images; the test images are a quarter of them
   * @param syncEvery the setting {@code sync.every}
   */
  static TrainingRuns in(Path directory, int digits, int epochs, String syncEvery)
      throws IOException {
    MnistFiles.firstDigits(Files.createDirectories(directory), digits, digits / 4, "");
    Files.writeString(directory.resolve("run.conf"), SETTINGS.formatted(epochs, syncEvery));
    return new TrainingRuns(directory);
  }

  /** Starts a run, or starts it again. */
  SubmittedJob start(String id, UnaryOperator<SubmittedJob.Submission> how) throws IOException {
    started++;
    SubmittedJob.Submission submission =
        SubmittedJob.in(directory.resolve("job-%d-%s".formatted(started, id)))
            .conf("spark.ui.enabled", "false");
    return how.apply(submission)
        .start(
            "train",
            "--data=" + directory,
            "--output=" + output(),
            "--config=" + directory.resolve("run.conf"),
            "--run-id=" + id);
  }

  /** Runs to the end, which must be a good one. */
  RunResult finish(String id, UnaryOperator<SubmittedJob.Submission> how)
      throws IOException, InterruptedException {
    try (SubmittedJob job = start(id, how)) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
    }
    return result(id);
  }

  /** The content of {@code result.json}. */
  RunResult result(String id) throws IOException {
    return RunResult.fromJson(Files.readString(local(files(id).result())));
  }

  /** The content of {@code status.json}. */
  RunStatus status(String id) throws IOException {
    return RunStatus.fromJson(Files.readString(local(files(id).status())));
  }

  /** The content of {@code metrics.jsonl} without what the clock says. */
  List<EpochMetrics> metrics(String id) throws IOException {
    List<EpochMetrics> timeless = new ArrayList<>();
    for (EpochMetrics epoch :
        EpochMetrics.fromLines(Files.readString(local(files(id).metrics())))) {
      timeless.add(
          new EpochMetrics(
              epoch.epoch(),
              epoch.rounds(),
              epoch.learningRate(),
              epoch.trainLoss(),
              epoch.trainAccuracy(),
              epoch.testLoss(),
              epoch.testAccuracy(),
              epoch.drift(),
              0,
              EpochTimes.NONE));
    }
    return timeless;
  }

  /** The run's directory. */
  RunDirectory files(String id) {
    return RunDirectory.of(new org.apache.hadoop.fs.Path(output().toUri()), RunId.of(id));
  }

  /** A path of {@link #files} for the JDK. */
  static Path local(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }

  private Path output() {
    return directory.resolve("runs");
  }
}
