package dev.featuremap.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.train.TrainingSpec;
import java.util.ArrayList;
import java.util.List;

/** Networks and training from their text, as a user writes them. */
public final class Specs {
  private static final Config PLAIN =
      ConfigFactory.parseString(
          """
          epochs = 10, batch-size = 32, learning-rate = 0.1
          optimizer { type = sgd }
          schedule { type = constant }
          """);

  private Specs() {}

  /** The plan of a network file. */
  public static NetworkPlan plan(String hocon) {
    return NetworkPlan.of(NetworkSpec.parse(hocon));
  }

  /**
   * A {@code train} section, which must be free of problems; what it leaves out is plain gradient
   * descent, the easiest to reason about, not the default.
   */
  public static TrainingSpec training(String hocon) {
    List<String> problems = new ArrayList<>();
    Config config = ConfigFactory.parseString(hocon).withFallback(PLAIN);
    Options options = Options.of(config, Defaults.of("train"), "train", problems);
    TrainingSpec training = TrainingSpec.stages(options).get(0);
    options.rejectUnknown();
    assertThat(problems).isEmpty();
    return training;
  }
}
