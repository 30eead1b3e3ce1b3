package dev.featuremap.job.golden;

import static dev.featuremap.job.golden.GoldenFiles.expected;
import static dev.featuremap.job.golden.GoldenFiles.fields;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.record.Program;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that an earlier version has finished, or has left within an epoch. */
class GoldenRunsTest {
  /** Earlier versions did not say which they were. */
  private static final Set<String> VERSION = Set.of(Program.KEY);

  /** What a run has known of the test images at its end since it first told all metrics. */
  private static final Set<String> METRICS_AT_THE_END =
      Set.of(
          "test-top-5-accuracy",
          "test-macro-precision",
          "test-macro-recall",
          "test-macro-f1",
          "test-macro-auc",
          "test-log-loss",
          "test-calibration-error");

  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private Path directory;
  private GoldenFiles files;

  @BeforeEach
  void copy() {
    files = new GoldenFiles(directory);
  }

  @Test
  void aFinishedRunReportsItsResultAndChangesNoByte() {
    SortedMap<String, String> before = snapshot("runs/finished");

    String said = files.trainAgain("finished");

    assertThat(said).contains(expected("finished.parameters-sha256"));
    assertThat(snapshot("runs/finished")).isEqualTo(before);
  }

  @Test
  void aFinishedRunWhoseFilesAreLostHasThemAgain() throws IOException {
    JsonNode result = files.json("runs/finished/result.json");
    JsonNode status = files.json("runs/finished/status.json");
    String metrics = files.text("runs/finished/metrics.jsonl");
    String success = files.text("runs/finished/_SUCCESS");
    files.delete(
        "runs/finished/result.json",
        "runs/finished/status.json",
        "runs/finished/metrics.jsonl",
        "runs/finished/_SUCCESS");

    files.trainAgain("finished");

    JsonNode resultAgain = files.json("runs/finished/result.json");
    assertThat(fields(resultAgain)).isEqualTo(with(fields(result), VERSION));
    ((ObjectNode) result).put("checkpoint", files.moved(result.get("checkpoint").asText()));
    assertThat(withoutLastCheckpoint(resultAgain)).isEqualTo(withoutLastCheckpoint(result));
    assertThat(files.text("runs/finished/metrics.jsonl")).isEqualTo(metrics);
    assertThat(files.text("runs/finished/_SUCCESS")).isEqualTo(success);
    ObjectNode again = (ObjectNode) files.json("runs/finished/status.json");
    assertThat(fields(again)).isEqualTo(with(fields(status), VERSION));
    again.remove(Program.KEY);
    assertThat(again.get("attempt").asInt()).isEqualTo(2);
    again.set("attempt", status.get("attempt"));
    again.set("application-id", status.get("application-id"));
    again.set("updated", status.get("updated"));
    assertThat(again).isEqualTo(status);
  }

  /** How long the last checkpoint took was not known yet when it was written. */
  private static JsonNode withoutLastCheckpoint(JsonNode result) {
    return ((ObjectNode) result.deepCopy())
        .without(List.of("seconds", "checkpoint-seconds", Program.KEY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "ema", "adamw", "lars", "lamb"})
  void aRunKilledInTheMiddleOfAnEpochGoesOnToTheSameBits(String run) {
    String said = files.trainAgain(run);

    // From the beginning it would come to the same.
    assertThat(said).containsPattern("resumes after epoch 1 and [123] rounds of the next");
    assertResult("runs/" + run, run);
  }

  /** It has outer momentum too. */
  @Test
  void aStoppedRunGoesOnWithWhatIsKnownOfIt() {
    JsonNode stopped = files.json("runs/stopped/status.json");
    List<JsonNode> epochs = files.jsonLines("runs/stopped/metrics.jsonl");
    assertThat(stopped.get("state").asText()).isEqualTo("KILLED");
    assertThat(epochs).hasSize(1);

    files.trainAgain("stopped");

    assertResult("runs/stopped", "stopped");
    JsonNode status = files.json("runs/stopped/status.json");
    assertThat(fields(status)).isEqualTo(with(fields(stopped), VERSION));
    assertThat(status.get("state").asText()).isEqualTo("FINISHED");
    assertThat(status.get("started")).isEqualTo(stopped.get("started"));
    assertThat(status.get("attempt").asInt()).isEqualTo(2);
    assertThat(fields(files.json("runs/stopped/result.json")))
        .isEqualTo(
            with(
                with(fields(files.json("runs/finished/result.json")), METRICS_AT_THE_END),
                Set.of("test-classes", Program.KEY)));
    List<JsonNode> all = files.jsonLines("runs/stopped/metrics.jsonl");
    assertThat(all).startsWith(epochs.get(0));
    Set<String> known = fields(epochs.get(0));
    int last = all.size() - 1;
    assertThat(all.subList(0, last)).extracting(GoldenFiles::fields).containsOnly(known);
    assertThat(fields(all.get(last))).isEqualTo(with(known, METRICS_AT_THE_END));
    ((ObjectNode) all.get(last)).remove(METRICS_AT_THE_END);
    assertThat(results(all)).isEqualTo(results(files.jsonLines("expected/stopped-metrics.jsonl")));
  }

  @Test
  void aFinishedRunGoesOnWithAnotherStage() {
    List<JsonNode> epochs = files.jsonLines("runs/finished/metrics.jsonl");
    String stages = "train.stages=[{}, {epochs=2, learning-rate=0.01}]";

    String said = files.trainAgain("finished", "--set", stages);
    files.train("long", "--data", files.uri("images"), "--set", stages);

    assertThat(said).contains("resumes after epoch 3");
    assertThat(files.json("runs/finished/result.json").get("parameters-sha256"))
        .isEqualTo(files.json("new/long/result.json").get("parameters-sha256"));
    List<JsonNode> all = files.jsonLines("runs/finished/metrics.jsonl");
    assertThat(all).hasSize(5).startsWith(epochs.toArray(JsonNode[]::new));
    assertThat(results(all)).isEqualTo(results(files.jsonLines("new/long/metrics.jsonl")));
  }

  @Test
  void aModelOfARunStartsAnother() {
    // After the best one, of epoch 2.
    String checkpoint = files.names("runs/finished/checkpoints").get(1);
    String model = files.uri("runs/finished/checkpoints/" + checkpoint + "/model.safetensors");

    files.train("warm", "--data", files.uri("images"), "--set", "train.init-from=" + model);

    assertResult("new/warm", "warm");
  }

  private void assertResult(String run, String name) {
    JsonNode result = files.json(run + "/result.json");
    assertThat(
            Stream.of("parameters-sha256", "test-accuracy", "test-loss")
                .map(key -> result.get(key).asText()))
        .containsExactly(
            expected(name + ".parameters-sha256"),
            expected(name + ".test-accuracy"),
            expected(name + ".test-loss"));
  }

  private static Set<String> with(Set<String> fields, Set<String> more) {
    Set<String> all = new HashSet<>(fields);
    all.addAll(more);
    return all;
  }

  /** What each epoch came to, without how long it took. */
  private static List<JsonNode> results(List<JsonNode> epochs) {
    return epochs.stream().map(GoldenRunsTest::result).toList();
  }

  private static JsonNode result(JsonNode epoch) {
    ObjectNode result = epoch.deepCopy();
    for (String field : fields(epoch)) {
      if (field.endsWith("seconds") || field.endsWith("per-second")) {
        result.remove(field);
      }
    }
    return result;
  }

  private SortedMap<String, String> snapshot(String directory) {
    return new RunFolder(files.path(directory)).snapshot();
  }
}
