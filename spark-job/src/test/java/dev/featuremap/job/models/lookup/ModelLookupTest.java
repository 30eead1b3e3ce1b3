package dev.featuremap.job.models.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.storage.FlakyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLookupTest {
  @TempDir private java.nio.file.Path directory;

  @Test
  void waitsForTheStoreOfACheckpoint() throws IOException {
    Files.write(directory.resolve("model.safetensors"), new byte[100]);
    FlakyFileSystem.shared().failToOpen(2);
    ModelLookup lookup = new ModelLookup(FlakyFileSystem.configuration(), "evaluate");

    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () -> lookup.at(ModelLocation.at(new Path("flaky://" + directory))));

    // It was read at last, and found to be no model.
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }
}
