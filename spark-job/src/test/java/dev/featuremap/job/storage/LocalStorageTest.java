package dev.featuremap.job.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageContract {
  @TempDir java.nio.file.Path temporary;

  @Override
  public Path root() {
    return new Path(temporary.toUri());
  }

  @Override
  public Configuration configuration() {
    return new Configuration();
  }

  @Test
  void letsExactlyOneOfFourProcessesCreateEachKey() throws Exception {
    List<Process> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      writers.add(CreateRace.start(root(), "writer " + writer));
    }
    List<String> wins = new ArrayList<>();
    for (Process writer : writers) {
      byte[] output = writer.getInputStream().readAllBytes();
      assertThat(writer.waitFor()).isZero();
      new String(output, StandardCharsets.UTF_8).lines().forEach(wins::add);
    }
    assertThat(wins).hasSize(CreateRace.KEYS).doesNotHaveDuplicates();
  }

  @Test
  void refusesAPlaceBelowARegularFile() throws Exception {
    Files.writeString(temporary.resolve("file"), "");
    Path below = new Path(root(), "file/run");
    assertThatThrownBy(() -> Storage.of(below, configuration()).probe(below))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot write to " + below)
        .hasCauseInstanceOf(FileSystemException.class)
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.CANNOT_WRITE);
  }

  @Test
  void findsNothingBelowARegularFile() throws Exception {
    Files.writeString(temporary.resolve("file"), "");
    Path below = new Path(root(), "file/run/_SUCCESS");

    assertThat(Storage.of(below, configuration()).read(below, input -> "")).isEmpty();
    assertThat(Storage.of(below, configuration()).list(below)).isEmpty();
  }

  @Test
  void refusesASchemeThatNobodyServes() {
    assertThatThrownBy(() -> Storage.of(new Path("nowhere://host/run"), configuration()))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot open the store of nowhere://host/run: org.apache.hadoop.fs.UnsupportedFileSystemException: No FileSystem for scheme \"nowhere\".");
  }
}
