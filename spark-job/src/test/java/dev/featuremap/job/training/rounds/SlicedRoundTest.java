package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.images.shard.Readings;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.job.images.shard.ShardLoad;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.idx.IdxDirectory;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.train.Round;
import dev.featuremap.train.Slices;
import dev.featuremap.train.WorkTime;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the driver joins results or executors do, slice by slice, must not reach a bit. */
class SlicedRoundTest {
  private static final int WORKERS = 3;
  private static final DriverMemory PLENTY = new DriverMemory(Long.MAX_VALUE, Long.MAX_VALUE);
  private static final DriverMemory LITTLE = new DriverMemory(1, 1);

  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(2, FeaturemapKryoRegistrator.class);

  @TempDir private Path data;

  @ParameterizedTest
  @CsvSource({
    "epoch, float32",
    "3 steps, float32",
    "1 step, float32",
    "3 steps, bf16",
    "1 step, bf16"
  })
  void giveTheBitsOfRoundsThatTheDriverJoins(String every, String wire) {
    JobConfig config =
        JobConfigLoader.of(new Configuration())
            .load(
                ConfigRequest.defaults()
                    .withAssignments(
                        "network=lenet-5",
                        "sync.every=" + every,
                        "sync.wire=" + wire,
                        "train.workers=" + WORKERS,
                        "train.batch-size=50"));
    TrainingPlan plan = TrainingPlan.of(config);
    ShardedImages images = images(plan);
    List<ShardLoad> loads = images.load();
    float[] state = plan.training().initialState(plan.network());
    List<Round> rounds = config.sync().rounds(0, 4);
    Round round = rounds.get(rounds.size() - 1); // the last step has 50 images of each worker

    RoundOutcome whole = workers(config, PLENTY).run(images, loads, state, round, "whole");
    RoundOutcome sliced = workers(config, LITTLE).run(images, loads, state, round, "sliced");

    assertThat(Slices.of(plan.layout().size(), WORKERS).count()).isEqualTo(3);
    assertThat(sliced.joined().values()).isEqualTo(whole.joined().values());
    assertThat(sliced.joined().drift()).isEqualTo(whole.joined().drift());
    assertThat(sliced.reports())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("time")
        .isEqualTo(whole.reports());
    assertThat(sliced.work()).extracting(WorkTime::process).containsOnly("driver");
    assertThat(sliced.joiningSeconds()).isPositive();
  }

  private static SparkWorkers workers(JobConfig config, DriverMemory room) {
    return new SparkWorkers(SPARK.context(), TrainingPlan.of(config), config.sync().wire(), room);
  }

  private ShardedImages images(TrainingPlan plan) {
    SmallRun.digits(data);
    ImageSource train =
        IdxDirectory.open(
                DataFolder.of(new Configuration(), new org.apache.hadoop.fs.Path(data.toUri())))
            .train();
    return Readings.shards(
        SPARK.context(),
        train,
        plan.network().classes(),
        new ShardLayout(train.images(), WORKERS, 1));
  }
}
