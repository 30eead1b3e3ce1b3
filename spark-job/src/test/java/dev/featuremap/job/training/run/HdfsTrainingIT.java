package dev.featuremap.job.training.run;

import dev.featuremap.job.testing.HdfsCluster;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Trains from a real HDFS into it. */
class HdfsTrainingIT extends TrainingOnStoreContract {
  @TempDir private static java.nio.file.Path temporary;
  private static HdfsCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = HdfsCluster.start(temporary);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Override
  Path root() {
    return new Path(cluster.uri() + "/training");
  }

  @Override
  Map<String, String> hadoopConfiguration() {
    return Map.of("dfs.replication", "1");
  }
}
