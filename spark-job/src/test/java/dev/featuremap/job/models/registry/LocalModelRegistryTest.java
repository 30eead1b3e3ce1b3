package dev.featuremap.job.models.registry;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalModelRegistryTest extends ModelRegistryContract {
  @TempDir java.nio.file.Path temporary;

  @Override
  protected Path root() {
    return new Path(temporary.toUri());
  }

  @Override
  protected Configuration configuration() {
    return new Configuration();
  }
}
