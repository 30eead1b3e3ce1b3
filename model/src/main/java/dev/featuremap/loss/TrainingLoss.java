package dev.featuremap.loss;

import dev.featuremap.spec.Options;
import dev.featuremap.tensor.LabelSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What training minimises in place of the plain loss of a network, by which it is evaluated.
 *
 * @param smoothing share of each target that is spread over all classes, 0 to below 1
 * @param gamma of focal loss, at least 0; 0 is no focal loss
 * @param weighting how much images count by their class
 * @param weights what that comes to, by class; null before the images are counted
 * @param sets the sets of labels where images may have several; null where each has one
 */
public record TrainingLoss(
    double smoothing, double gamma, ClassWeighting weighting, float[] weights, LabelSets sets) {
  /** The loss of the network as it is. */
  public static final TrainingLoss PLAIN = smoothed(0);

  private enum Type {
    NETWORK,
    FOCAL
  }

  /** The loss of the network with smoothed labels. */
  public static TrainingLoss smoothed(double smoothing) {
    return new TrainingLoss(smoothing, 0, ClassWeighting.NONE, null, null);
  }

  /** Reads {@code label-smoothing}, {@code loss} and the class weights. */
  public static TrainingLoss read(Options train) {
    double smoothing =
        train.number("label-smoothing", "from 0 to below 1", share -> share >= 0 && share < 1);
    Options loss = train.section("loss");
    Type type = loss.choice("type", Type.class);
    double gamma = loss.number("gamma", "from 0 to 100", g -> g >= 0 && g <= 100);
    return new TrainingLoss(
        smoothing, type == Type.FOCAL ? gamma : 0, ClassWeighting.read(train), null, null);
  }

  /**
   * What is wrong with it for a network.
   *
   * @param section how messages name the section that it stands in
   */
  public List<String> problems(Loss loss, int classes, String section) {
    List<String> problems = new ArrayList<>(weighting.problems(classes, section));
    if (gamma > 0 && loss != Loss.SOFTMAX_CROSS_ENTROPY) {
      problems.add(
          "Cannot use %s.loss.type = focal: it is made for networks with the loss %s, got %s."
              .formatted(section, Loss.SOFTMAX_CROSS_ENTROPY, loss));
    }
    return problems;
  }

  /** The same with the weights that come of so many images of each class. */
  public TrainingLoss counted(long[] images, List<String> names, int classes) {
    return weighting.weighs()
        ? new TrainingLoss(
            smoothing, gamma, weighting, weighting.weights(images, names, classes), sets)
        : this;
  }

  /** The same for images that may have several labels each. */
  public TrainingLoss over(LabelSets several) {
    return new TrainingLoss(smoothing, gamma, weighting, weights, several);
  }

  /** Says for people in what it differs from the network's loss, but for weights; or nothing. */
  public Optional<String> difference() {
    List<String> parts = new ArrayList<>();
    if (gamma > 0) {
      parts.add("focal, gamma " + gamma);
    }
    if (smoothing > 0) {
      parts.add("labels smoothed by " + smoothing);
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
  }

  /** A line about the weights of classes with these names, for people; empty if there are none. */
  public Optional<String> describe(List<String> names) {
    return classWeights().map(values -> weighting.line(values, names));
  }

  /** The weights of the classes, if there are any. */
  Optional<float[]> classWeights() {
    if (weighting.weighs() && weights == null) {
      throw new IllegalStateException("Class weights are known once the images are counted.");
    }
    return Optional.ofNullable(weights);
  }
}
