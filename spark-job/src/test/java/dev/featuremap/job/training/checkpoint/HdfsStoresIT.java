package dev.featuremap.job.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.ModelRegistryContract;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.storage.StorageContract;
import dev.featuremap.job.testing.HdfsCluster;
import java.io.IOException;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All contracts on a real HDFS. */
class HdfsStoresIT {
  @TempDir static java.nio.file.Path temporary;
  private static HdfsCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = HdfsCluster.start(temporary);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  private static Path path(String name) {
    return new Path(cluster.uri().toString(), "/" + name);
  }

  @Nested
  class StorageOnHdfs extends StorageContract {
    @Override
    public Path root() {
      return path("storage");
    }

    @Override
    public Configuration configuration() {
      return cluster.configuration();
    }
  }

  @Nested
  class RegistryOnHdfs extends ModelRegistryContract {
    @Override
    public Path root() {
      return path("registry");
    }

    @Override
    public Configuration configuration() {
      return cluster.configuration();
    }
  }

  @Nested
  class CheckpointsOnHdfs extends CheckpointStoreContract {
    @Override
    public Path root() {
      return path("checkpoints");
    }

    @Override
    public Configuration configuration() {
      return cluster.configuration();
    }
  }

  @Test
  void refusesADirectoryThatThisUserMayNotWrite() throws Exception {
    Path directory = path("read-only");
    FileSystem owner = directory.getFileSystem(cluster.configuration());
    owner.mkdirs(directory);
    owner.setPermission(directory, new FsPermission("555"));
    UserGroupInformation guest = UserGroupInformation.createRemoteUser("guest");
    PrivilegedExceptionAction<Void> probe =
        () -> {
          Storage.of(directory, cluster.configuration()).probe(directory);
          return null;
        };
    assertThatThrownBy(() -> guest.doAs(probe))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot write to " + directory)
        .hasMessageContaining("Permission denied: user=guest")
        .hasCauseInstanceOf(AccessControlException.class)
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.CANNOT_WRITE);
  }

  @Test
  void leavesTheSharedFileSystemOpen() throws Exception {
    Path directory = path("shared");
    FileSystem shared = directory.getFileSystem(cluster.configuration());
    Storage.of(directory, cluster.configuration()).probe(directory);
    assertThat(shared.exists(directory)).isTrue();
  }
}
