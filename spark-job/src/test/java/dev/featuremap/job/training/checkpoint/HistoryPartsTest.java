package dev.featuremap.job.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryPartsTest {
  @TempDir private Path root;
  private Storage storage;
  private RunDirectory run;
  private HistoryParts parts;

  @BeforeEach
  void open() {
    run = new RunDirectory(new org.apache.hadoop.fs.Path(root.toUri()));
    storage = Storage.of(run.root(), new Configuration());
    parts = new HistoryParts(storage, run);
  }

  private static List<EpochMetrics> epochs(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            n -> new EpochMetrics(n, n, 0.1, 1.0 / n, 0.5, 2.0 / n, 0.5, 0, 100, EpochTimes.NONE))
        .toList();
  }

  private static List<String> ranges(List<StoredObject> parts) {
    return parts.stream().map(part -> part.name().replaceFirst("-[0-9a-f]+\\.jsonl$", "")).toList();
  }

  @Test
  void leavesTheLastHundredEpochsToTheManifest() {
    assertThat(HistoryParts.grows(List.of(), 100)).isFalse();
    assertThat(HistoryParts.grows(List.of(), 101)).isTrue();
    assertThat(ranges(parts.grown(List.of(), epochs(101)))).containsExactly("1-100");
    assertThat(ranges(parts.grown(List.of(), epochs(200)))).containsExactly("1-100");
    assertThat(ranges(parts.grown(List.of(), epochs(2_345))))
        .containsExactly("1-1000", "1001-2000", "2001-2100", "2101-2200", "2201-2300");
  }

  @Test
  void writesAnEpochOnceForEachSizeOfParts() {
    List<EpochMetrics> history = epochs(2_345);
    List<StoredObject> now = List.of();
    Set<String> written = new TreeSet<>();
    for (int count = 1; count <= history.size(); count++) {
      List<EpochMetrics> soFar = history.subList(0, count);
      if (HistoryParts.grows(now, count)) {
        now = parts.grown(now, soFar);
      }
      assertThat(count - HistoryParts.epochs(now)).isBetween(1, 100);
      now.forEach(part -> written.add(part.name()));
    }

    assertThat(new HistoryParts(storage, run).read(now)).isEqualTo(history.subList(0, 2_300));
    assertThat(storage.list(run.history())).containsExactlyElementsOf(written).hasSize(23);
  }

  @Test
  void refusesAPartThatIsNotAsWritten() throws IOException {
    List<StoredObject> written = parts.grown(List.of(), epochs(101));
    Path file = root.resolve("history").resolve(written.get(0).name());
    Files.writeString(file, Files.readString(file).replace("\"epoch\":7,", "\"epoch\":8,"));

    assertThatThrownBy(() -> new HistoryParts(storage, run).read(written))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessageStartingWith("Cannot read the history of a run: ");
  }

  @Test
  void refusesPartsThatDoNotFollowEachOther() {
    List<StoredObject> written = parts.grown(List.of(), epochs(301));
    List<StoredObject> gap = new ArrayList<>(written);
    gap.remove(1);

    assertThatThrownBy(() -> parts.read(gap))
        .hasMessageContaining("it must have the epochs from 101 on, got 100 of them");
    assertThatThrownBy(() -> parts.read(List.of(new StoredObject("part", 1, "0".repeat(64)))))
        .isInstanceOf(JobException.class);
  }

  @Test
  void isWrittenAgainFromTheMetricsWhereAPartIsLostAndElseEndsTheResume() throws IOException {
    List<StoredObject> written = parts.grown(List.of(), epochs(250));
    CheckpointStore store = new CheckpointStore(storage, run.root());
    store
        .takeOver(new Retention(2, 0))
        .publish(
            new CheckpointDraft(
                250,
                250,
                true,
                written,
                JsonNodeFactory.instance.objectNode(),
                Map.of("model", output -> output.write(1))));
    Path lost = root.resolve("history").resolve(written.get(1).name());
    Files.delete(lost);

    assertThatThrownBy(store::newest)
        .hasMessageContaining("history/" + written.get(1).name() + " is missing");

    Files.writeString(root.resolve("metrics.jsonl"), EpochMetrics.toLines(epochs(240)));
    assertThat(store.newest().orElseThrow().checkpoint().history()).isEqualTo(written);
    assertThat(lost).exists();
    assertThat(new HistoryParts(storage, run).read(written)).isEqualTo(epochs(200));
  }
}
