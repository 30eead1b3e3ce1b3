package dev.featuremap.job.images.shard;

import static dev.featuremap.job.testing.MnistFiles.TRAIN_IMAGES;
import static dev.featuremap.job.testing.MnistFiles.TRAIN_LABELS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.images.source.idx.IdxDataset;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.MnistFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads, shares and fails on executors in processes of their own, whose locale knows ASCII names
 * only, as in a bare container.
 */
class OtherProcessesIT {
  @TempDir private static Path directory;
  private static JavaSparkContext cluster;

  /** Local files under a scheme that only the configuration given to a source knows. */
  public static final class ConfiguredFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("configured:///");
    }

    @Override
    public String getScheme() {
      return "configured";
    }
  }

  @BeforeAll
  static void startExecutors() {
    System.setProperty("spark.testing", "1");
    System.setProperty("spark.test.home", directory.toString());
    SparkConf conf =
        LocalSpark.conf("local-cluster[2,1,512]", FeaturemapKryoRegistrator.class)
            .set("spark.executor.memory", "512m")
            .set("spark.executorEnv.LC_ALL", "C")
            .set("spark.executorEnv.SPARK_SCALA_VERSION", "2.13");
    cluster = new JavaSparkContext(conf);
    MnistFiles.firstDigits(directory, 12_000, 1, "");
  }

  @AfterAll
  static void stopExecutors() {
    cluster.close();
    System.clearProperty("spark.testing");
    System.clearProperty("spark.test.home");
  }

  @Test
  void givesTheConfigurationOfTheDriverToExecutors() {
    ShardedImages images = shard(10, ShardStorage.PIXELS);

    assertThat(digests(images)).hasSize(3).doesNotHaveDuplicates();
    assertThat(images.shards().count()).isEqualTo(3);
  }

  @Test
  void bringsTheMessageAndTheExitCodeOfATaskToTheDriver() {
    ShardedImages images = shard(9, ShardStorage.PIXELS);

    Throwable failure = catchThrowable(images::load);

    assertThat(failure).hasMessageStartingWith("Job aborted due to stage failure");
    assertThat(TaskFailure.find(failure))
        .hasValueSatisfying(
            found -> {
              assertThat(found)
                  .hasMessageStartingWith(
                      "Cannot use configured:%s/%s: the network has 9 classes, got label 9"
                          .formatted(directory, TRAIN_LABELS));
              assertThat(found.exitCode()).isEqualTo(ExitCode.BAD_DATA);
            });
  }

  @Test
  void refusesNamesThatAnExecutorWouldLose() throws IOException {
    Path data = directory.resolve("folders");
    Path image = Files.createDirectories(data.resolve("train/cat")).resolve("1.png");
    Files.write(image, new byte[] {1});
    assertThat(train(data).images()).isEqualTo(1);

    Files.move(image, image.resolveSibling("ünï.png"));
    Throwable failure = catchThrowable(() -> train(data));

    assertThat(TaskFailure.find(failure))
        .hasValueSatisfying(
            found -> {
              assertThat(found)
                  .hasMessageStartingWith("Cannot use file:%s/train/cat/".formatted(data))
                  .hasMessageEndingWith("for executors set spark.executorEnv.LC_ALL=C.UTF-8.");
              assertThat(found.exitCode()).isEqualTo(ExitCode.USAGE);
            });
  }

  private static ImageSource train(Path data) {
    return DataSets.open(cluster, SourceTrial.settings(data)).train();
  }

  @Test
  void makesEncodedShardsAgainWhenTheirExecutorIsGone() throws InterruptedException {
    ShardedImages images = shard(10, ShardStorage.ENCODED);
    List<String> digests = digests(images);
    List<String> before = executors(images);

    cluster.sc().killExecutors(CollectionConverters.asScala(List.of(before.get(0))).toSeq());

    assertThat(digests).isEqualTo(digests(shard(10, ShardStorage.PIXELS)));
    assertThat(digests(images)).isEqualTo(digests);
    assertThat(executors(images)).doesNotContain(before.get(0));
  }

  @Test
  void sendsTasksToWhereTheirShardsAre() {
    ShardedImages images = shard(10, ShardStorage.ENCODED);
    images.load();

    List<String> first = executors(images);

    for (int again = 0; again < 5; again++) {
      assertThat(executors(images)).isEqualTo(first);
    }
  }

  private static List<String> executors(ShardedImages images) {
    return images.shards().map(shard -> SparkEnv.get().executorId()).collect();
  }

  private static List<String> digests(ShardedImages images) {
    return images.load().stream().map(ShardLoad::sha256).toList();
  }

  private static ShardedImages shard(int classes, ShardStorage keep) {
    Configuration configuration = cluster.hadoopConfiguration();
    configuration.set("fs.configured.impl", ConfiguredFileSystem.class.getName());
    IdxDataset train =
        IdxDataset.open(configuration, configured(TRAIN_IMAGES), configured(TRAIN_LABELS));
    return Readings.shards(cluster, train, classes, new ShardLayout(train.images(), 3, 1), keep);
  }

  private static org.apache.hadoop.fs.Path configured(String name) {
    return new org.apache.hadoop.fs.Path("configured://" + directory.resolve(name));
  }
}
