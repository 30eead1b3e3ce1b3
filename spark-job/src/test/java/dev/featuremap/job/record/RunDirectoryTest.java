package dev.featuremap.job.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class RunDirectoryTest {

  @Test
  void namesEveryFileOfARun() {
    RunDirectory run = RunDirectory.of(new Path("hdfs://nn/runs"), RunId.of("a:b"));

    assertThat(run.root()).hasToString("hdfs://nn/runs/a~3Ab");
    assertThat(run.config()).hasToString("hdfs://nn/runs/a~3Ab/config.conf");
    assertThat(run.status()).hasToString("hdfs://nn/runs/a~3Ab/status.json");
    assertThat(run.metrics()).hasToString("hdfs://nn/runs/a~3Ab/metrics.jsonl");
    assertThat(run.result()).hasToString("hdfs://nn/runs/a~3Ab/result.json");
    assertThat(run.success()).hasToString("hdfs://nn/runs/a~3Ab/_SUCCESS");
    assertThat(run.checkpoints()).hasToString("hdfs://nn/runs/a~3Ab/checkpoints");
    assertThat(run.manifests()).hasToString("hdfs://nn/runs/a~3Ab/manifests");
  }

  @Test
  void liesBelowTheRootOfABucket() {
    assertThat(RunDirectory.of(new Path("s3a://bucket"), RunId.of("r1")).root())
        .hasToString("s3a://bucket/r1");
  }

  @Test
  void staysBelowTheOutputForIdsWithBackslashes() {
    Path output = new Path("hdfs://nn/runs");

    assertThat(RunDirectory.of(output, RunId.of("a\\..\\..\\b")).root().getParent())
        .isEqualTo(output);
  }
}
