package dev.featuremap.train;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.network.NetworkPlan;
import java.io.Serializable;
import java.util.List;

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
  private final Mistake[] mistakes;

  /**
   * Takes the matrix as it is.
   *
   * @param lossSum sum of the losses
   * @param confusion how often each class was taken for each other
   * @param mistakes the worst of them, the worst first
   */
  public Evaluation(double lossSum, ConfusionMatrix confusion, List<Mistake> mistakes) {
    this.lossSum = lossSum;
    this.confusion = confusion;
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
    return EvaluationPass.toTheEnd(plan, kernels, model, shard, team);
  }

  /** The evaluation of no image: its loss is no number. */
  public static Evaluation none(int classes) {
    return new Evaluation(0, new ConfusionMatrix(classes), List.of());
  }

  /** The evaluation of all parts of a set, added in the order of the list. */
  public static Evaluation total(List<Evaluation> parts) {
    double lossSum = 0;
    ConfusionMatrix confusion = new ConfusionMatrix(parts.get(0).confusion.classes());
    WorstMistakes mistakes = new WorstMistakes(MISTAKES);
    for (Evaluation part : parts) {
      lossSum += part.lossSum;
      confusion.merge(part.confusion);
      for (Mistake mistake : part.mistakes) {
        mistakes.add(mistake);
      }
    }
    return new Evaluation(lossSum, confusion, mistakes.list());
  }

  /** Sum of the losses. */
  public double lossSum() {
    return lossSum;
  }

  /** How often each class was taken for each other. */
  public ConfusionMatrix confusion() {
    return confusion;
  }

  /** The worst mistakes, at most {@link #MISTAKES}, the worst first. */
  public List<Mistake> mistakes() {
    return List.of(mistakes);
  }

  /** Images evaluated. */
  public long images() {
    return confusion.images();
  }

  /** Mean loss per image. */
  public double loss() {
    return lossSum / images();
  }

  /** Share of images whose largest output is their label, 0 to 1. */
  public double accuracy() {
    return confusion.accuracy();
  }
}
