package dev.featuremap.job.training.checkpoint;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalCheckpointStoreTest extends CheckpointStoreContract {
  @TempDir java.nio.file.Path temporary;

  @Override
  Path root() {
    return new Path(temporary.toUri());
  }

  @Override
  Configuration configuration() {
    return new Configuration();
  }
}
