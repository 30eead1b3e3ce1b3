package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.job.watch.console.RunConsole;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two runs of one id that differ in their learning rate: A in a directory of its own, and B in the
 * directory of A, after somebody has deleted that.
 */
class RunOwnershipTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  /** What a driver writes after its last checkpoint. */
  private static final List<String> LATE =
      List.of("result.json", "_SUCCESS", "status.json", "metrics.jsonl");

  @TempDir private static Path directory;
  private static Path data;
  private static SmallRun finishedB;
  private static RunResult resultOfB;
  private static int places;

  private SmallRun a;
  private SmallRun b;
  private RunFolder folder;

  @BeforeAll
  static void trainB() throws IOException {
    data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    finishedB = SmallRun.of(data, directory.resolve("b")).with("train.learning-rate", 0.05);
    resultOfB = finishedB.train();
  }

  @BeforeEach
  void choosePlace() {
    a = SmallRun.of(data, directory.resolve("place" + places++));
    b = a.with("train.learning-rate", 0.05);
    folder = RunFolder.of(a.directory());
  }

  @Test
  void aDriverStopsWhoseDirectoryWasDeleted() {
    StringWriter said = new StringWriter();

    JobException failure = failure(said, this::delete);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED);
    assertThat(failure)
        .hasMessage(
            "Cannot go on with file:%s: manifest 2, which this driver wrote, is gone. Somebody has deleted the run or a part of it, so nothing more is written there. Start again to begin anew, or restore it first."
                .formatted(folder.root()));
    assertThat(folder.root()).doesNotExist();
    assertThat(said.toString()).doesNotContain("warning");
  }

  @Test
  void aDriverLeavesTheRunAloneThatBeganInItsDirectory() {
    for (int checkpoints = 0; checkpoints <= 2; checkpoints++) {
      int done = checkpoints;
      SortedMap<?, ?>[] runOfB = new SortedMap<?, ?>[1];

      JobException failure =
          failure(
              new StringWriter(),
              () -> {
                delete();
                copyB(done);
                runOfB[0] = folder.snapshot();
              });

      assertThat(failure.exitCode())
          .isEqualTo(done == 0 ? ExitCode.STORAGE_FAILED : ExitCode.RUN_HELD);
      assertThat(failure)
          .hasMessageContaining(done == 0 ? "is gone. Somebody" : "of another writer");
      assertThat(folder.snapshot()).isEqualTo(runOfB[0]);
      assertThat(b.train().parametersSha256()).isEqualTo(resultOfB.parametersSha256());
      delete();
    }
  }

  @Test
  void aRunTakesNoResultForItsOwnThatIsNotOfItsManifests() throws IOException {
    a.train();
    for (String late : LATE) {
      Files.copy(folder.root().resolve(late), directory.resolve(late));
    }
    delete();
    copyB(1);
    for (String late : LATE) {
      Files.move(
          directory.resolve(late),
          folder.root().resolve(late),
          StandardCopyOption.REPLACE_EXISTING);
    }

    assertThat(b.train().parametersSha256()).isEqualTo(resultOfB.parametersSha256());
  }

  @Test
  void aRunTakesNoManifestsForItsOwnThatAreOfOtherSettings() throws IOException {
    a.train();
    Path config = folder.root().resolve("config.conf");
    String others = RunFolder.of(finishedB.directory()).text("config.conf");
    Files.writeString(
        config,
        others.replace(directory.resolve("b").toString(), folder.root().getParent().toString()));
    SortedMap<String, String> before = folder.snapshot();

    JobException failure = catchThrowableOfType(JobException.class, b::train);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessageStartingWith(
            "Cannot resume run small: its newest checkpoint must come from settings with the fingerprint ")
        .hasMessageEndingWith("Restore the run's config.conf, or start a new run.");
    assertThat(folder.snapshot()).isEqualTo(before);
  }

  /** What ends A, if something happens to its directory after its first epoch. */
  private JobException failure(StringWriter said, Runnable happening) {
    RunConsole console =
        RunConsole.lines(
            new PrintWriter(said) {
              @Override
              public void flush() {
                super.flush();
                if (said.toString().contains("epoch 1/2") && !happened) {
                  happened = true;
                  happening.run();
                }
              }

              private boolean happened;
            });
    return catchThrowableOfType(JobException.class, () -> a.train(console));
  }

  private void delete() {
    try {
      FileUtils.deleteDirectory(folder.root().toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** B as its driver leaves it after so many checkpoints. */
  private void copyB(int checkpoints) {
    try {
      FileUtils.copyDirectory(
          RunFolder.of(finishedB.directory()).root().toFile(), folder.root().toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (checkpoints < 2) {
      folder.rewind(checkpoints);
    }
  }
}
