package dev.featuremap.train;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.loss.LossBlocks;
import dev.featuremap.loss.LossTally;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.network.Network;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;
import java.util.List;

/**
 * How well parameters do on a set of images.
 *
 * <p>A plain class, since it travels from executors to the driver.
 */
public final class Evaluation {
  private final double lossSum;
  private final ConfusionMatrix confusion;

  /**
   * Takes the matrix as it is.
   *
   * @param lossSum sum of the losses
   * @param confusion how often each class was taken for each other
   */
  public Evaluation(double lossSum, ConfusionMatrix confusion) {
    this.lossSum = lossSum;
    this.confusion = confusion;
  }

  /** Evaluates parameters, or the parameters at the start of a state, on one shard. */
  public static Evaluation of(NetworkPlan plan, Kernels kernels, float[] parameters, Shard shard) {
    Network network = new Network(plan, kernels);
    LaneBlock block =
        new LaneBlock(plan.network().input().shape(), plan.network().input().normalization());
    BlockPass pass = BlockPass.evaluation();
    LossTally tally = new LossTally();
    ConfusionMatrix confusion = new ConfusionMatrix(plan.classes());
    for (int from = 0; from < shard.size(); from += Lanes.COUNT) {
      block.load(shard, EpochOrder.sequential(), from, Math.min(Lanes.COUNT, shard.size() - from));
      float[] logits = network.evaluate(pass, parameters, block, tally);
      for (int lane = 0; lane < block.images(); lane++) {
        confusion.add(block.labels()[lane], LossBlocks.largest(plan.classes(), logits, lane));
      }
    }
    return new Evaluation(tally.lossSum(), confusion);
  }

  /** The evaluation of all parts of a set, added in the order of the list. */
  public static Evaluation total(List<Evaluation> parts) {
    double lossSum = 0;
    ConfusionMatrix confusion = new ConfusionMatrix(parts.get(0).confusion.classes());
    for (Evaluation part : parts) {
      lossSum += part.lossSum;
      confusion.merge(part.confusion.counts());
    }
    return new Evaluation(lossSum, confusion);
  }

  /** Sum of the losses. */
  public double lossSum() {
    return lossSum;
  }

  /** How often each class was taken for each other. */
  public ConfusionMatrix confusion() {
    return confusion;
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
