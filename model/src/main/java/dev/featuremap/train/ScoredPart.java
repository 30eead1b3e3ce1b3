package dev.featuremap.train;

import dev.featuremap.metric.ClassificationMetrics;
import dev.featuremap.metric.LabelScores;
import dev.featuremap.metric.ProbabilityTally;
import dev.featuremap.metric.RankTally;
import dev.featuremap.tensor.LabelSets;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What was counted of a part of a set, and the score of each of its images for its own class. A
 * plain class, since it travels.
 */
public final class ScoredPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Evaluation evaluation;
  private final ProbabilityTally tally;
  private final int[] labels;
  private final float[] ofLabels;

  private ScoredPart(
      Evaluation evaluation, ProbabilityTally tally, int[] labels, float[] ofLabels) {
    this.evaluation = evaluation;
    this.tally = tally;
    this.labels = labels;
    this.ofLabels = ofLabels;
  }

  /**
   * All images of a shard, at least one.
   *
   * @param sets the sets of labels that labels are numbers of; empty for one label each
   */
  public static ScoredPart of(Iterator<ScoredImages> shard, Optional<LabelSets> sets) {
    int[] labels = new int[256];
    float[] ofLabels = new float[labels.length];
    int known = 0;
    int[] one = new int[1];
    ScoredImages some;
    do {
      some = shard.next();
      for (int image = 0; image < some.images(); image++) {
        one[0] = some.label(image);
        int[] all = sets.isPresent() ? sets.get().of(one[0]) : one;
        if (known + all.length > labels.length) {
          int room = Math.max(known + all.length, 2 * labels.length);
          labels = Arrays.copyOf(labels, room);
          ofLabels = Arrays.copyOf(ofLabels, room);
        }
        for (int label : all) {
          labels[known] = label;
          ofLabels[known++] = some.probability(image, label);
        }
      }
    } while (shard.hasNext());
    return new ScoredPart(
        some.evaluation(),
        some.tally(),
        Arrays.copyOf(labels, known),
        Arrays.copyOf(ofLabels, known));
  }

  /** All parts of a set, added in the order of the list. */
  public static ScoredPart total(List<ScoredPart> parts) {
    int classes = parts.get(0).evaluation.confusion().classes();
    ProbabilityTally tally = new ProbabilityTally(classes);
    int scores = parts.stream().mapToInt(part -> part.labels.length).sum();
    int[] labels = new int[scores];
    float[] ofLabels = new float[scores];
    int known = 0;
    for (ScoredPart part : parts) {
      tally.merge(part.tally);
      System.arraycopy(part.labels, 0, labels, known, part.labels.length);
      System.arraycopy(part.ofLabels, 0, ofLabels, known, part.labels.length);
      known += part.labels.length;
    }
    Evaluation evaluation = Evaluation.total(parts.stream().map(part -> part.evaluation).toList());
    return new ScoredPart(evaluation, tally, labels, ofLabels);
  }

  /** What {@link Evaluation#of} gives. */
  public Evaluation evaluation() {
    return evaluation;
  }

  /** An empty tally of the ranks of images with these scores. */
  public static RankTally ranks(LabelScores ofLabels, Optional<LabelSets> sets) {
    return sets.isPresent() ? new RankTally(ofLabels) : new RankTally(ofLabels.classes());
  }

  /** The scores of all images for their own classes. */
  public LabelScores ofLabels() {
    return new LabelScores(evaluation.confusion().classes(), evaluation.images(), labels, ofLabels);
  }

  /**
   * All metrics.
   *
   * @param ranks of all images
   * @param scores those of {@link #ofLabels}
   */
  public ClassificationMetrics metrics(RankTally ranks, LabelScores scores) {
    double[] areas = ranks.areas(scores);
    return evaluation
        .decisions()
        .map(made -> ClassificationMetrics.of(made, areas, ranks.averagePrecisions(scores)))
        .orElseGet(() -> ClassificationMetrics.of(evaluation.confusion(), tally, areas));
  }
}
