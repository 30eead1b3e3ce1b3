package dev.featuremap.job.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.ModelRegistryContract;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.storage.StorageContract;
import dev.featuremap.job.testing.S3Server;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All contracts through s3a on a server that speaks S3. */
class S3StoresIT {
  @TempDir static java.nio.file.Path temporary;
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Server.start(temporary);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static Path path(String name) {
    return new Path(server.bucketUri().toString(), "/" + name);
  }

  @Nested
  class StorageOnS3 extends StorageContract {
    @Override
    public Path root() {
      return path("storage");
    }

    @Override
    public Configuration configuration() {
      return server.configuration();
    }
  }

  @Nested
  class RegistryOnS3 extends ModelRegistryContract {
    @Override
    public Path root() {
      return path("registry");
    }

    @Override
    public Configuration configuration() {
      return server.configuration();
    }
  }

  @Nested
  class CheckpointsOnS3 extends CheckpointStoreContract {
    @Override
    public Path root() {
      return path("checkpoints");
    }

    @Override
    public Configuration configuration() {
      return server.configuration();
    }
  }

  @Test
  void refusesAWrongSecretWithinTenSeconds() {
    Configuration configuration = server.configuration();
    // Loads the classes of the client, so that only its answer is measured.
    Storage.of(path("run"), configuration).probe(path("run"));
    configuration.set("fs.s3a.secret.key", "wrong");
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertRefused(path("run"), configuration, "AccessDenied"));
  }

  @Test
  void refusesABucketThatDoesNotExist() {
    Path run = new Path("s3a://missing/run");
    assertRefused(run, server.configuration(), "UnknownStoreException");
  }

  private static void assertRefused(Path run, Configuration configuration, String reason) {
    // A file system in Hadoop's cache would keep the right secret.
    configuration.setBoolean("fs.s3a.impl.disable.cache", true);
    assertThatThrownBy(() -> Storage.of(run, configuration).probe(run))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot write to " + run)
        .hasMessageContaining(reason)
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.CANNOT_WRITE);
  }
}
