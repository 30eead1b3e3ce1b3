package dev.featuremap.train;

import dev.featuremap.metric.LabelScores;
import dev.featuremap.metric.ProbabilityTally;
import dev.featuremap.metric.RankTally;
import dev.featuremap.tensor.LabelSets;
import java.io.Serializable;
import java.util.Optional;

/**
 * Some images of a shard with what a network makes of them; the last ones of a shard know what was
 * counted of all. A plain class, since it travels.
 */
public final class ScoredImages implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int[] labels;
  private final float[] probabilities; // [image, class]
  private final Evaluation evaluation; // null unless they are the last
  private final ProbabilityTally tally; // likewise

  ScoredImages(
      int classes,
      int[] labels,
      float[] probabilities,
      Evaluation evaluation,
      ProbabilityTally tally) {
    this.classes = classes;
    this.labels = labels;
    this.probabilities = probabilities;
    this.evaluation = evaluation;
    this.tally = tally;
  }

  /** How many images. */
  public int images() {
    return labels.length;
  }

  /** The class of an image, or the number of its set of labels. */
  public int label(int image) {
    return labels[image];
  }

  /** The probability that an image has of being of a class. */
  public float probability(int image, int label) {
    return probabilities[image * classes + label];
  }

  /**
   * Counts how the images rank among those of each class.
   *
   * @param sets the sets of labels that labels are numbers of; empty for one label each
   */
  public void rankInto(RankTally ranks, LabelScores ofLabels, Optional<LabelSets> sets) {
    for (int image = 0; image < labels.length; image++) {
      if (sets.isPresent()) {
        ranks.add(probabilities, image, sets.get().of(labels[image]), ofLabels);
      } else {
        ranks.add(probabilities, image, labels[image], ofLabels);
      }
    }
  }

  Evaluation evaluation() {
    return evaluation;
  }

  ProbabilityTally tally() {
    return tally;
  }
}
