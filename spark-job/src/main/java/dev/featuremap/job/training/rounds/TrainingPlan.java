package dev.featuremap.job.training.rounds;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.featuremap.augment.Augmentation;
import dev.featuremap.format.StateFiles;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.network.FeatureCut;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.spec.Options;
import dev.featuremap.spec.SpecException;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.train.OuterMomentum;
import dev.featuremap.train.OuterState;
import dev.featuremap.train.RoundReduction;
import dev.featuremap.train.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What executors must know of a run: the network and the training settings, as the HOCON text they
 * travel in, and the values of frozen layers, which each executor fetches once.
 */
public final class TrainingPlan implements SentNetwork {
  private static final long serialVersionUID = 1L;

  private final String networkText;
  private final String trainText;
  private final int stage;
  private final Broadcast<float[]> frozen; // null on the driver
  private int classes; // of the network, once the images are counted
  private long[] trainClasses = {}; // images of each class
  private List<String> names = List.of();
  private LabelSets sets; // of images that may have several labels; else null
  private transient TrainingPlan sent;
  private transient NetworkPlan network;
  private transient TrainingSpec training;
  private transient StateLayout layout;

  /**
   * A plan of texts that have been read before.
   *
   * @param networkText a network file
   * @param trainText the content of the {@code train} section
   */
  public TrainingPlan(String networkText, String trainText) {
    this(networkText, trainText, 0, null);
  }

  private TrainingPlan(String networkText, String trainText, int stage, Broadcast<float[]> frozen) {
    this.networkText = networkText;
    this.trainText = trainText;
    this.stage = stage;
    this.frozen = frozen;
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

  /**
   * The network, planned for training; parsed once per instance, which on executors is once per
   * task. On the driver its frozen layers get their values when the state does.
   */
  @Override
  public synchronized NetworkPlan network() {
    if (network == null) {
      NetworkPlan whole = NetworkPlan.of(NetworkSpec.parse(networkText));
      NetworkPlan planned = training().rules().over(whole);
      network = frozen == null ? planned : planned.withFrozen(frozen.value());
    }
    return network;
  }

  /** Where layers end that give the same for an image in every epoch; empty if there are none. */
  Optional<FeatureCut> featureCut() {
    return training().augmentation().equals(Augmentation.NONE)
        ? network().featureCut()
        : Optional.empty();
  }

  /** This plan as executors get it, once the driver has the values of frozen layers. */
  synchronized TrainingPlan forExecutors(JavaSparkContext spark) {
    if (sent == null) {
      float[] values = network().frozen().values();
      sent =
          values.length == 0
              ? this
              : new TrainingPlan(networkText, trainText, stage, spark.broadcast(values));
      sent.classes = classes;
      sent.trainClasses = trainClasses;
      sent.names = names;
      sent.sets = sets;
    }
    return sent;
  }

  /** How a state is divided. */
  public synchronized StateLayout layout() {
    if (layout == null) {
      layout = training().layout(network());
    }
    return layout;
  }

  /**
   * Tells how many images there are of each class: training with class weights can begin only then.
   *
   * @param images of each class; classes behind the last have none
   * @param classNames in the order of classes; empty where classes have none but their numbers
   * @param labelSets where images may have several labels: the sets that those of images are
   *     numbers of
   */
  public synchronized void count(
      long[] images, List<String> classNames, Optional<LabelSets> labelSets) {
    sets = labelSets.orElse(null);
    classes = network().classes();
    trainClasses = images.clone();
    names = new ArrayList<>(classNames);
    training = null;
    sent = null;
  }

  /** A line about the weights of classes, for people; empty if there are none. */
  public Optional<String> classWeights() {
    return training().loss().describe(names);
  }

  /** What the driver does with the results of a round. */
  public RoundReduction reduction(OuterMomentum outer) {
    return new RoundReduction(training(), layout(), outer);
  }

  /** A plan for each stage of the settings, in order. */
  List<TrainingPlan> stages() {
    return IntStream.range(0, readStages().size())
        .mapToObj(number -> new TrainingPlan(networkText, trainText, number, null))
        .toList();
  }

  /** The files that hold a state. */
  public StateFiles stateFiles() {
    return new StateFiles(network(), layout(), modelAt());
  }

  /**
   * The state that training starts with.
   *
   * @param model parameters of the whole network, then buffers; at random if there is none
   */
  public OuterState start(Optional<float[]> model, OuterMomentum outer) {
    float[] state =
        model
            .map(values -> training().stateFrom(values, network()))
            .orElseGet(() -> training().initialState(network()));
    return new OuterState(state, outer.emptyMemory(network().parameters()));
  }

  /** What is exported of a state: parameters of the whole network, then buffers. */
  public float[] model(float[] state) {
    return network().wholeModel(trainedModel(state));
  }

  /** What is evaluated of a state, beside what is frozen: parameters, then buffers. */
  float[] trainedModel(float[] state) {
    float[] model = layout().model(state);
    System.arraycopy(state, modelAt(), model, 0, network().parameters());
    return model;
  }

  private int modelAt() {
    return training().optimizer().modelAt(layout());
  }

  /** The training settings of this stage; parsed as often as the network is. */
  public synchronized TrainingSpec training() {
    if (training == null) {
      TrainingSpec read = readStages().get(stage);
      TrainingSpec counted = classes == 0 ? read : read.counting(trainClasses, names, classes);
      training = sets == null ? counted : counted.over(sets);
    }
    return training;
  }

  private List<TrainingSpec> readStages() {
    List<String> problems = new ArrayList<>();
    Config complete = ConfigFactory.parseString(trainText);
    List<TrainingSpec> stages =
        TrainingSpec.stages(Options.of(complete, complete, "train", problems));
    if (!problems.isEmpty()) {
      throw new SpecException(problems);
    }
    return stages;
  }
}
