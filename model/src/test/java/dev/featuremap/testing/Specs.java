package dev.featuremap.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.train.TrainingSpec;
import java.util.ArrayList;
import java.util.List;

/** Networks and training from their text, as a user writes them. */
public final class Specs {
  private Specs() {}

  /** The plan of a network file. */
  public static NetworkPlan plan(String hocon) {
    return NetworkPlan.of(NetworkSpec.parse(hocon));
  }

  /** A {@code train} section, which must be free of problems. */
  public static TrainingSpec training(String hocon) {
    List<String> problems = new ArrayList<>();
    Options options = Options.of(ConfigFactory.parseString(hocon), "train", problems);
    TrainingSpec training = TrainingSpec.read(options);
    options.rejectUnknown();
    assertThat(problems).isEmpty();
    return training;
  }
}
