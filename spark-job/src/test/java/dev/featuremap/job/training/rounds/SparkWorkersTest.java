package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.train.Round;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.WireFormat;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SparkWorkersTest {
  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(1, FeaturemapKryoRegistrator.class);

  private final TrainingPlan plan =
      TrainingPlan.of(
          JobConfigLoader.of(new Configuration())
              .load(ConfigRequest.defaults().withAssignments("train.optimizer.type=adam")));
  private final float[] state = plan.training().initialState(plan.network());
  private final SparkWorkers workers =
      new SparkWorkers(
          SPARK.context(), plan, WireFormat.FLOAT32, DriverMemory.of(SPARK.context().getConf()));

  @Test
  void sendTheWholeStateWhereWorkersUpdateIt() {
    assertThat(sent(SyncRule.EPOCH)).isSameAs(state);
  }

  @Test
  void sendParametersAloneWhereTheDriverUpdates() {
    assertThat(state).hasSize(3 * plan.network().parameters());
    assertThat(sent(new SyncRule(1))).isEqualTo(Arrays.copyOf(state, plan.network().parameters()));
  }

  private float[] sent(SyncRule sync) {
    return workers.neededBy(Round.ofEpoch(0, 2, sync).get(0), state);
  }
}
