package dev.featuremap.train;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.metric.LabelDecisions;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.LabelSets;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * How well parameters do on a set of images.
 *
 * <p>A plain class, since it travels from executors to the driver.
 */
public final class Evaluation implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Mistakes that are kept, of each shard and of all. */
  public static final int MISTAKES = 24;

  private final double lossSum;
  private final ConfusionMatrix confusion;
  private final LabelDecisions decisions; // null where each image has one label
  private final Mistake[] mistakes;

  /**
   * Takes the matrix as it is.
   *
   * @param lossSum sum of the losses
   * @param confusion how often each class was taken for each other
   * @param mistakes the worst of them, the worst first
   */
  public Evaluation(double lossSum, ConfusionMatrix confusion, List<Mistake> mistakes) {
    this(lossSum, confusion, null, mistakes);
  }

  /** The evaluation of images that may have several labels, of which none is taken for another. */
  Evaluation(double lossSum, LabelDecisions decisions) {
    this(lossSum, new ConfusionMatrix(decisions.classes()), decisions, List.of());
  }

  private Evaluation(
      double lossSum, ConfusionMatrix confusion, LabelDecisions decisions, List<Mistake> mistakes) {
    this.lossSum = lossSum;
    this.confusion = confusion;
    this.decisions = decisions;
    this.mistakes = mistakes.toArray(Mistake[]::new);
  }

  /**
   * Evaluates a network on one shard.
   *
   * @param shard of images, or of what {@link Features} are of them
   * @param model starts with the parameters and ends with the buffers, which may be a whole state
   */
  public static Evaluation of(
      NetworkPlan plan, Kernels kernels, float[] model, Shard shard, Team team) {
    return of(plan, kernels, model, shard, Optional.empty(), team);
  }

  /**
   * The same of images that may have several labels.
   *
   * @param sets the sets of labels that the shard's labels are numbers of; empty for one label each
   */
  public static Evaluation of(
      NetworkPlan plan,
      Kernels kernels,
      float[] model,
      Shard shard,
      Optional<LabelSets> sets,
      Team team) {
    return EvaluationPass.toTheEnd(plan, kernels, model, shard, sets, team);
  }

  /** The evaluation of no image: its loss is no number. */
  public static Evaluation none(int classes) {
    return new Evaluation(0, new ConfusionMatrix(classes), List.of());
  }

  /** The evaluation of all parts of a set, added in the order of the list. */
  public static Evaluation total(List<Evaluation> parts) {
    double lossSum = 0;
    int classes = parts.get(0).confusion.classes();
    ConfusionMatrix confusion = new ConfusionMatrix(classes);
    LabelDecisions decisions = parts.get(0).decisions == null ? null : new LabelDecisions(classes);
    WorstMistakes mistakes = new WorstMistakes(MISTAKES);
    for (Evaluation part : parts) {
      lossSum += part.lossSum;
      confusion.merge(part.confusion);
      if (decisions != null) {
        decisions.merge(part.decisions);
      }
      for (Mistake mistake : part.mistakes) {
        mistakes.add(mistake);
      }
    }
    return new Evaluation(lossSum, confusion, decisions, mistakes.list());
  }

  /** Sum of the losses. */
  public double lossSum() {
    return lossSum;
  }

  /** What was decided about images that may have several labels; empty where each has one. */
  public Optional<LabelDecisions> decisions() {
    return Optional.ofNullable(decisions);
  }

  /** How often each class was taken for each other; never where images may have several labels. */
  public ConfusionMatrix confusion() {
    return confusion;
  }

  /** The worst mistakes, at most {@link #MISTAKES}, the worst first. */
  public List<Mistake> mistakes() {
    return List.of(mistakes);
  }

  /** Images evaluated. */
  public long images() {
    return decisions == null ? confusion.images() : decisions.images();
  }

  /** Mean loss per image. */
  public double loss() {
    return lossSum / images();
  }

  /**
   * Share of images whose largest output is their label, or of which all labels and no others are
   * predicted where they may have several, 0 to 1.
   */
  public double accuracy() {
    return decisions == null ? confusion.accuracy() : decisions.exactMatch();
  }
}
