package dev.featuremap.job.golden;

import static dev.featuremap.job.golden.GoldenFiles.command;
import static dev.featuremap.job.golden.GoldenFiles.expected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featuremap.job.models.registry.HistoryEntry;
import dev.featuremap.job.models.registry.ModelRegistry;
import dev.featuremap.job.testing.SparkProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that an earlier version has published, with a history of a rollback of each alias. */
class GoldenModelsTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private Path directory;
  private GoldenFiles files;

  @BeforeEach
  void copy() {
    files = new GoldenFiles(directory);
  }

  @Test
  void theHistoryIsListedAsItWas() {
    assertThat(command("history", "--model", files.uri("published/shapes")))
        .isEqualTo(files.text("expected/history.txt"));
  }

  /** No list shows it, but a repeated publication tells it. */
  @Test
  void theHistoryKnowsTheRunOfAVersion() {
    List<HistoryEntry> entries =
        ModelRegistry.of(
                new org.apache.hadoop.fs.Path(files.uri("published/shapes")), new Configuration())
            .history()
            .entries();

    assertThat(entries.get(0).model().orElseThrow().source().run())
        .contains("file:" + expected("directory") + "/runs/finished");
  }

  @Test
  void theHistoryGoesOn() {
    String model = files.uri("published/shapes");
    command("publish", "--run", files.uri("runs/finished"), "--to", model, "--alias", "new");
    command("publish", "--run", files.uri("runs/stopped"), "--to", model);
    command("rollback", "--model", model + "@2", "--alias", "champion");

    List<String> lines = command("history", "--model", model).lines().toList();

    List<String> before = files.text("expected/history.txt").lines().limit(4).toList();
    assertThat(lines).startsWith(before.toArray(String[]::new)).hasSize(11);
    assertThat(lines.get(4)).contains("published as latest, new: test accuracy 75.00 %, epoch 3,");
    // Within an epoch nothing is known of the test images.
    assertThat(lines.get(5)).contains("published as latest: sha256");
    assertThat(lines.subList(7, 11))
        .containsExactly(
            "candidate is version 2",
            "champion is version 2",
            "latest is version 6",
            "new is version 5");
  }

  @ParameterizedTest
  @CsvSource({"latest,''", "champion,@champion", "candidate,@2"})
  void aPublishedModelEvaluatesAsItDid(String name, String selector) {
    JsonNode evaluation = evaluate("--model", files.uri("published/shapes") + selector);

    assertEvaluation(evaluation, "published." + name);
  }

  @Test
  void aRunEvaluatesAsItDid() {
    assertEvaluation(evaluate("--run", files.uri("runs/finished")), "published.latest");
  }

  @Test
  void theBestModelOfARunEvaluatesAsItDid() {
    JsonNode evaluation = evaluate("--run", files.uri("runs/finished"), "--best");

    // The first of the two epochs that are as good as each other.
    JsonNode epoch = files.jsonLines("runs/finished/metrics.jsonl").get(1);
    assertThat(evaluation.get("test-accuracy")).isEqualTo(epoch.get("test-accuracy"));
    assertThat(evaluation.get("test-loss").asDouble())
        .isCloseTo(epoch.get("test-loss").asDouble(), within(1e-12));
  }

  private JsonNode evaluate(String... model) {
    List<String> arguments = new ArrayList<>(List.of("evaluate"));
    arguments.addAll(List.of(model));
    arguments.addAll(List.of("--data", files.uri("images")));
    arguments.addAll(List.of("--result", files.uri("evaluation.json")));
    command(arguments.toArray(String[]::new));
    return files.json("evaluation.json");
  }

  private static void assertEvaluation(JsonNode evaluation, String name) {
    assertThat(evaluation.get("parameters-sha256").asText())
        .isEqualTo(expected(name + ".parameters-sha256"));
    assertThat(evaluation.get("test-accuracy").asText())
        .isEqualTo(expected(name + ".test-accuracy"));
    assertThat(evaluation.get("test-loss").asText()).isEqualTo(expected(name + ".test-loss"));
  }
}
