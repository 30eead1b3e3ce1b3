package dev.featuremap.job.commands.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.storage.FlakyFileSystem;
import dev.featuremap.job.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.example.GroupWriteSupport;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts and claims of a directory, and the files in it. */
class AttemptFenceTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType("message row { required int64 id; }");

  @TempDir private java.nio.file.Path directory;
  private final Configuration hadoop = new Configuration();
  private ParquetDirectory files;
  private Storage storage;

  @BeforeEach
  void openDirectory() {
    files = new ParquetDirectory("predict", "file:" + directory);
    storage = Storage.of(new Path(files.target()), hadoop);
    GroupWriteSupport.setSchema(SCHEMA, hadoop);
  }

  @Test
  void theNewestMayFinishFiles() {
    AttemptFence first = AttemptFence.next(storage, files);
    first.requireNewest(hadoop);

    AttemptFence second = AttemptFence.next(storage, files);

    assertThat(second.number()).isEqualTo(2);
    second.requireNewest(hadoop);
    JobException failure =
        catchThrowableOfType(JobException.class, () -> first.requireNewest(hadoop));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.RUN_HELD);
    assertThat(failure)
        .hasMessage(
            "Cannot go on to predict into file:%s: this is start 1 of the command, and start 2 has taken over. That one goes on."
                .formatted(directory));
  }

  @Test
  void anOlderOneGivesNoFileItsName() {
    AttemptFence first = AttemptFence.next(storage, files);
    Iterator<Group> rows =
        Collections.singleton(new SimpleGroup(SCHEMA).append("id", 7L)).iterator();
    AttemptFence.next(storage, files);

    assertThatThrownBy(() -> write(first, rows)).hasMessageContaining("start 2 has taken over");
    assertThat(files.names(storage)).doesNotContain("part");
  }

  @Test
  void anOlderOneIsToldWhereItsWorkWasRemoved() {
    AttemptFence first = AttemptFence.next(storage, files);
    Iterator<Group> rows =
        new Iterator<>() {
          private boolean given;

          @Override
          public boolean hasNext() {
            return !given;
          }

          @Override
          public Group next() {
            given = true;
            AttemptFence.next(storage, files);
            files.clear(storage);
            return new SimpleGroup(SCHEMA).append("id", 7L);
          }
        };

    assertThatThrownBy(() -> write(first, rows)).hasMessageContaining("start 2 has taken over");
  }

  @Test
  void waitsForAStoreThatIsBusy() throws IOException {
    Configuration flaky = FlakyFileSystem.configuration();
    GroupWriteSupport.setSchema(SCHEMA, flaky);
    ParquetDirectory there = new ParquetDirectory("pack", "flaky://" + directory);
    FlakyFileSystem store = FlakyFileSystem.shared();
    Iterator<Group> rows =
        Collections.singleton(new SimpleGroup(SCHEMA).append("id", 7L)).iterator();
    there.write(flaky, "part", 1, new GroupWriteSupport(), rows, () -> {});
    store.failToOpen(2);

    assertThat(there.metadata(flaky, "part").getBlocks()).hasSize(1);
    assertThat(there.has(flaky, "part")).isTrue();
    assertThat(there.has(flaky, "other")).isFalse();
  }

  @Test
  void leavesAFileThatAnotherAttemptHasFinished() throws IOException {
    for (long attempt = 1; attempt <= 2; attempt++) {
      Iterator<Group> rows =
          Collections.singleton(new SimpleGroup(SCHEMA).append("id", attempt)).iterator();
      files.write(hadoop, "part", attempt, new GroupWriteSupport(), rows, () -> {});
    }

    assertThat(files.names(storage)).containsExactlyInAnyOrder("part", "_unfinished");
    assertThat(directory.resolve("_unfinished")).isDirectoryNotContaining("glob:**/part.*");
    assertThat(files.metadata(hadoop, "part").getBlocks()).hasSize(1);
  }

  @Test
  void claimsAgainWhatWasClaimedInPart() throws IOException {
    Claim claim = new Claim("_predict.json", Json.object().put("images", 3), Map.of());
    for (String torn : List.of("", "{\"im")) {
      Files.writeString(directory.resolve("_predict.json"), torn);

      claim.make(storage, files);

      assertThat(directory.resolve("_predict.json")).hasContent(claim.text());
    }
    Files.writeString(directory.resolve(".1234.tmp"), "of a start that was killed");
    claim.make(storage, files);
  }

  @Test
  void refusesWhatOthersHaveClaimed() throws IOException {
    Claim claim = new Claim("_predict.json", Json.object().put("images", 3), Map.of());
    Files.writeString(directory.resolve("_predict.json"), "{\"images\":4}\n");

    assertThatThrownBy(() -> claim.make(storage, files))
        .hasMessage(
            "Cannot predict into file:%s: it was begun with other images or other settings, expected {\"images\":3}, got {\"images\":4}. Give another directory."
                .formatted(directory));
  }

  private void write(AttemptFence start, Iterator<Group> rows) {
    files.write(
        hadoop, "part", 1, new GroupWriteSupport(), rows, () -> start.requireNewest(hadoop));
  }
}
