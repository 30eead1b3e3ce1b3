package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.S3Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains through s3a from a server that speaks S3 into it. */
class S3TrainingIT extends TrainingOnStoreContract {
  @TempDir private static java.nio.file.Path temporary;
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Server.start(temporary);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  Path root() {
    return new Path(server.bucketUri().toString(), "/" + UUID.randomUUID());
  }

  @Override
  Map<String, String> hadoopConfiguration() {
    return server.hadoopConfiguration();
  }

  /** Keys are any text; HDFS has no colons. */
  @Override
  List<String> oddNames() {
    List<String> names = new ArrayList<>(super.oddNames());
    names.set(0, "2024-01-01T10:00:00");
    names.set(1, "a:b");
    return names;
  }

  @Test
  void writesItsSecretsNowhere() throws IOException {
    String secret = server.hadoopConfiguration().get("fs.s3a.secret.key");

    run().train(said);

    assertThat(snapshot().values()).isNotEmpty().noneMatch(content -> content.contains(secret));
    assertThat(said.toString()).contains("parameters-sha256").doesNotContain(secret);
  }
}
