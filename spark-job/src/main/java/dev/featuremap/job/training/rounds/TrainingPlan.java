package dev.featuremap.job.training.rounds;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.featuremap.format.StateFiles;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.spec.Options;
import dev.featuremap.spec.SpecException;
import dev.featuremap.train.OuterMomentum;
import dev.featuremap.train.OuterState;
import dev.featuremap.train.TrainingSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What executors must know of a run: the network and the training settings, as the HOCON text they
 * travel in.
 */
public final class TrainingPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String networkText;
  private final String trainText;
  private transient NetworkPlan network;
  private transient TrainingSpec training;

  /**
   * A plan of texts that have been read before.
   *
   * @param networkText a network file
   * @param trainText the content of the {@code train} section
   */
  public TrainingPlan(String networkText, String trainText) {
    this.networkText = networkText;
    this.trainText = trainText;
  }

  /** The plan of a configuration. */
  public static TrainingPlan of(JobConfig config) {
    return new TrainingPlan(text(config.settings(), "network"), text(config.settings(), "train"));
  }

  private static String text(Config settings, String key) {
    return settings.getObject(key).render(ConfigRenderOptions.concise());
  }

  /** The network as HOCON. */
  public String networkText() {
    return networkText;
  }

  /** The network, planned; parsed once per instance, which on executors is once per task. */
  public synchronized NetworkPlan network() {
    if (network == null) {
      network = NetworkPlan.of(NetworkSpec.parse(networkText));
    }
    return network;
  }

  /** How a state is divided. */
  public StateLayout layout() {
    return network().stateLayout(training().optimizer().slots());
  }

  /** The files that hold a state. */
  public StateFiles stateFiles() {
    return new StateFiles(network(), layout(), modelAt());
  }

  /**
   * The state that training starts with.
   *
   * @param model parameters, then buffers; at random if there is none
   */
  public OuterState start(Optional<float[]> model, OuterMomentum outer) {
    float[] state =
        model
            .map(values -> training().stateFrom(values, network()))
            .orElseGet(() -> training().initialState(network()));
    return new OuterState(state, outer.emptyMemory(network().parameters()));
  }

  /** What is evaluated and exported of a state: parameters, then buffers. */
  public float[] model(float[] state) {
    float[] model = layout().model(state);
    System.arraycopy(state, modelAt(), model, 0, network().parameters());
    return model;
  }

  private int modelAt() {
    return training().optimizer().modelAt(layout());
  }

  /** The training settings; parsed as often as the network is. */
  public synchronized TrainingSpec training() {
    if (training == null) {
      List<String> problems = new ArrayList<>();
      Config complete = ConfigFactory.parseString(trainText);
      training = TrainingSpec.read(Options.of(complete, complete, "train", problems));
      if (!problems.isEmpty()) {
        throw new SpecException(problems);
      }
    }
    return training;
  }
}
