package dev.featuremap.job.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.record.RunId;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.checkpoint.Recovery;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * Training runs that differ in their names only: a small convolutional network with one of each
 * kind of layer, trained by two workers on the first of the real digits.
 */
public final class TrainingRuns {
  /** How long a run may take on a busy machine. */
  public static final Duration LIMIT = Duration.ofMinutes(5);

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
      train { epochs = %s, workers = 2, batch-size = 40, learning-rate = 0.002, optimizer.type = adam }
      sync.every = "%s"
      """;

  private final Path directory;
  private final URI output;
  private final Map<String, String> hadoop;
  private int started;

  private TrainingRuns(Path directory, URI output, Map<String, String> hadoop) {
    this.directory = directory;
    this.output = output;
    this.hadoop = hadoop;
  }

  /**
   * Writes data and settings into a directory, which the runs share and are written to.
   *
   * @param digits training images; the test images are a quarter of them
   * @param syncEvery the setting {@code sync.every}
   */
  public static TrainingRuns in(Path directory, int digits, int epochs, String syncEvery)
      throws IOException {
    MnistFiles.firstDigits(Files.createDirectories(directory), digits, digits / 4, "");
    Files.writeString(directory.resolve("run.conf"), SETTINGS.formatted(epochs, syncEvery));
    return new TrainingRuns(directory, directory.resolve("runs").toUri(), Map.of());
  }

  /**
   * Runs of the same data and settings that are written somewhere else.
   *
   * @param hadoop what reaches that place
   */
  public TrainingRuns writtenTo(URI place, Map<String, String> hadoop) {
    return new TrainingRuns(directory, place, hadoop);
  }

  /**
   * Starts a run, or starts it again.
   *
   * @param more arguments besides those of all runs
   */
  public SubmittedJob start(String id, UnaryOperator<SubmittedJob.Submission> how, String... more)
      throws IOException {
    started++;
    SubmittedJob.Submission submission =
        SubmittedJob.in(logs(started, id)).conf("spark.ui.enabled", "false");
    hadoop.forEach((key, value) -> submission.conf("spark.hadoop." + key, value));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--data=" + directory.toUri(),
                "--output=" + output,
                "--config=" + directory.resolve("run.conf").toUri(),
                "--run-id=" + id));
    arguments.addAll(List.of(more));
    return how.apply(submission).start(arguments.toArray(String[]::new));
  }

  /**
   * Runs to the end, which must be a good one.
   *
   * @param more arguments besides those of all runs
   */
  public RunResult finish(String id, UnaryOperator<SubmittedJob.Submission> how, String... more)
      throws IOException, InterruptedException {
    try (SubmittedJob job = start(id, how, more)) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
    }
    return result(id);
  }

  /** The content of {@code result.json}. */
  public RunResult result(String id) throws IOException {
    return RunResult.fromJson(text(files(id).result()));
  }

  /** The content of {@code report.html}. */
  public String report(String id) throws IOException {
    return text(files(id).report());
  }

  /** The content of {@code status.json}. */
  public RunStatus status(String id) throws IOException {
    return RunStatus.fromJson(text(files(id).status()));
  }

  /** The content of {@code metrics.jsonl} without what the clock says. */
  public List<EpochMetrics> metrics(String id) throws IOException {
    List<EpochMetrics> timeless = new ArrayList<>();
    for (EpochMetrics epoch : EpochMetrics.fromLines(text(files(id).metrics()))) {
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
  public RunDirectory files(String id) {
    return RunDirectory.of(new org.apache.hadoop.fs.Path(output), RunId.of(id));
  }

  /** The newest checkpoint as a driver would find it. */
  public Optional<Recovery> newest(String id) {
    return CheckpointStore.of(files(id).root(), configuration()).newest();
  }

  /** Deletes what the jobs of a run, which have ended, wrote besides the run. */
  public void deleteLogs(String id) throws IOException {
    for (int job = 1; job <= started; job++) {
      FileUtils.deleteDirectory(logs(job, id).toFile());
    }
  }

  private Path logs(int job, String id) {
    return directory.resolve("job-%s-%s".formatted(job, id));
  }

  /** All manifests by number, as JSON. */
  public List<JsonNode> manifests(String id) throws IOException {
    List<JsonNode> manifests = new ArrayList<>();
    org.apache.hadoop.fs.Path directory = files(id).manifests();
    FileStatus[] found = directory.getFileSystem(configuration()).listStatus(directory);
    Arrays.sort(found);
    for (FileStatus file : found) {
      manifests.add(new ObjectMapper().readTree(text(file.getPath())).required("manifest"));
    }
    return manifests;
  }

  private String text(org.apache.hadoop.fs.Path path) throws IOException {
    try (InputStream in = path.getFileSystem(configuration()).open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What reaches the runs. */
  public Configuration configuration() {
    Configuration configuration = new Configuration();
    hadoop.forEach(configuration::set);
    return configuration;
  }

  /** A path of {@link #files} for the JDK. */
  public static Path local(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }
}
