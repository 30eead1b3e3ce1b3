package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.train.Round;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
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

  /**
   * 79,510 parameters, of which the head has 1,010: of the others nothing is in a task or a round.
   */
  @Test
  void sendWhatIsFrozenOnce() throws IOException, ClassNotFoundException {
    TrainingPlan head =
        TrainingPlan.of(
            JobConfigLoader.of(new Configuration())
                .load(
                    ConfigRequest.defaults()
                        .withAssignments("network=shallow", "train.freeze=hidden")));
    SparkWorkers ofHead =
        new SparkWorkers(
            SPARK.context(), head, WireFormat.FLOAT32, DriverMemory.of(SPARK.context().getConf()));
    float[] start = head.training().initialState(head.network());
    Round round = Round.ofEpoch(0, 2, SyncRule.EPOCH).get(0);

    assertThat(ofHead.neededBy(round, start)).hasSize(3 * 1_010);
    assertThat(ofHead.sentPlan()).isSameAs(ofHead.sentPlan());
    byte[] task = serialized(ofHead.sentPlan());
    assertThat(task).hasSizeLessThan(5_000);
    assertThat(head.network().frozen().size()).isEqualTo(78_500);
    assertThat(deserialized(task).network().frozen().values())
        .isEqualTo(head.network().frozen().values());
  }

  private static byte[] serialized(TrainingPlan plan) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(plan);
    }
    return bytes.toByteArray();
  }

  private static TrainingPlan deserialized(byte[] bytes)
      throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (TrainingPlan) in.readObject();
    }
  }

  private float[] sent(SyncRule sync) {
    return workers.neededBy(Round.ofEpoch(0, 2, sync).get(0), state);
  }
}
