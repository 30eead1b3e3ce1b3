package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.EventRecords;
import dev.featuremap.job.testing.FakeMlflow;
import dev.featuremap.job.testing.FakeMlflow.Mood;
import dev.featuremap.job.testing.FakeMlflow.StoredRun;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run with event files and a tracking server: undisturbed, resumed, failing, and left alone. */
class TrackedRunTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static FakeMlflow server;
  private static SmallRun run;
  private static RunResult result;
  private static RunFolder folder;
  private static StoredRun stored;

  @BeforeAll
  static void train() throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    server = FakeMlflow.start();
    run =
        SmallRun.of(data, directory.resolve("runs"))
            .with("train.epochs", 4)
            .with("checkpoint.keep-last", 9)
            .with("tracking.tensorboard", true)
            .with("tracking.mlflow.uri", server.uri());
    result = run.train();
    folder = RunFolder.of(run.directory());
    stored = server.run();
  }

  @AfterAll
  static void stopTheServer() {
    server.close();
  }

  @Test
  void tellsMlflowEveryValueOfItsMetrics() {
    assertThat(stored.metrics()).containsExactlyInAnyOrderElementsOf(metrics(folder));
  }

  @Test
  void tellsMlflowHowItEnded() {
    assertThat(stored.statuses()).containsExactly("RUNNING", "FINISHED");
    assertThat(stored.parameters()).containsEntry("train.epochs", "4");
    assertThat(stored.tags())
        .containsEntry("featuremap.parameters-sha256", result.parametersSha256())
        .containsEntry("featuremap.kernels", result.kernels())
        .containsEntry("featuremap.checkpoint", result.checkpoint())
        .containsEntry("featuremap.train-images", "600")
        .containsEntry("featuremap.bad-records", "0");
  }

  @Test
  void writesAnEventFileForEachEpoch() {
    assertThat(scalars(folder)).isEqualTo(values(folder));
    assertThat(folder.names("tensorboard"))
        .hasSize(4)
        .allMatch(name -> name.contains("tfevents"))
        .startsWith("events.out.tfevents.0000000001.featuremap");
  }

  @Test
  void paintsItsFiltersIntoEventFiles() {
    Path first = folder.root().resolve("tensorboard/events.out.tfevents.0000000001.featuremap");

    assertThat(EventRecords.tags(first)).endsWith("conv1.weight");
  }

  @Test
  void isToldOfOnceThoughItsDriverDiedTwice() throws IOException {
    SmallRun killed = run.with("run-id", "killed");
    killed.train();
    RunFolder left = RunFolder.of(killed.directory());
    // One driver died after its second checkpoint and before it told of it, and so did the next.
    left.rewind(2);
    Files.delete(left.root().resolve("tensorboard/events.out.tfevents.0000000002.featuremap"));

    killed.train();

    assertThat(scalars(left)).isEqualTo(values(left));
    StoredRun again = server.runs().get(server.runs().size() - 1);
    assertThat(again.tags()).containsEntry("featuremap.attempt", "2");
    assertThat(again.statuses()).containsExactly("RUNNING", "FINISHED", "RUNNING", "FINISHED");
    assertThat(again.metrics())
        .filteredOn(metric -> metric.startsWith("train-loss@"))
        .containsExactlyElementsOf(
            metrics(left).stream().filter(metric -> metric.startsWith("train-loss@")).toList());
  }

  @Test
  void continuesWithMoreEpochs() {
    SmallRun more = run.with("run-id", "more");
    more.with("train.epochs", 2).train();
    RunFolder grown = RunFolder.of(more.directory());

    assertThat(more.train().parametersSha256()).isEqualTo(result.parametersSha256());

    assertThat(scalars(grown)).hasSize(4).isEqualTo(values(grown));
    StoredRun again = server.runs().get(server.runs().size() - 1);
    assertThat(again.metrics()).containsExactlyInAnyOrderElementsOf(metrics(grown));
    assertThat(again.statuses()).containsExactly("RUNNING", "FINISHED", "RUNNING", "FINISHED");
    assertThat(again.tags())
        .containsEntry("featuremap.epochs", "4")
        .containsEntry("featuremap.parameters-sha256", result.parametersSha256());
  }

  @Test
  void tellsMlflowWhyItFailed() {
    SmallRun diverging = run.with("run-id", "diverging").with("train.learning-rate", 1e30);

    JobException failure = catchThrowableOfType(JobException.class, diverging::train);

    StoredRun failed = server.runs().get(server.runs().size() - 1);
    assertThat(failed.statuses()).containsExactly("RUNNING", "FAILED");
    assertThat(failed.tags()).containsEntry("featuremap.failure", failure.getMessage());
  }

  @Test
  void hasTheSameBitsThoughTheServerHangs() throws IOException {
    StringWriter said = new StringWriter();
    try (FakeMlflow hanging = FakeMlflow.start()) {
      hanging.mood(Mood.HANGING);
      RunResult alone =
          run.with("run-id", "alone").with("tracking.mlflow.uri", hanging.uri()).train(said);

      assertThat(alone.parametersSha256()).isEqualTo(result.parametersSha256());
      assertThat(hanging.questions()).isNotEmpty();
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .noneMatch(name -> name.startsWith("featuremap") || name.startsWith("Keep-Alive"));
    }
    assertThat(said.toString().lines().filter(line -> line.startsWith("warning: ")))
        .singleElement()
        .asString()
        .startsWith("warning: Cannot tell MLflow at http://127.0.0.1:");
  }

  /** As in {@code train-loss@2=0.5}. */
  private static List<String> metrics(RunFolder folder) {
    List<String> metrics = new ArrayList<>();
    for (EpochMetrics epoch : EpochMetrics.fromLines(folder.text("metrics.jsonl"))) {
      epoch
          .values()
          .forEach((name, value) -> metrics.add("%s@%s=%s".formatted(name, epoch.epoch(), value)));
    }
    return metrics;
  }

  private static List<Map<String, Float>> values(RunFolder folder) {
    List<Map<String, Float>> epochs = new ArrayList<>();
    for (EpochMetrics epoch : EpochMetrics.fromLines(folder.text("metrics.jsonl"))) {
      Map<String, Float> values = new LinkedHashMap<>();
      epoch.values().forEach((name, value) -> values.put(name, value.floatValue()));
      epochs.add(values);
    }
    return epochs;
  }

  private static List<Map<String, Float>> scalars(RunFolder folder) {
    return folder.names("tensorboard").stream()
        .map(name -> EventRecords.scalars(folder.root().resolve("tensorboard").resolve(name)))
        .toList();
  }
}
