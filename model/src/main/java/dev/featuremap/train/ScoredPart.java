package dev.featuremap.train;

import dev.featuremap.metric.ClassificationMetrics;
import dev.featuremap.metric.LabelScores;
import dev.featuremap.metric.ProbabilityTally;
import dev.featuremap.metric.RankTally;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

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

  /** All images of a shard, at least one. */
  public static ScoredPart of(Iterator<ScoredImages> shard) {
    int[] labels = {};
    float[] ofLabels = {};
    int known = 0;
    ScoredImages some;
    do {
      some = shard.next();
      int needed = known + some.images();
      if (needed > labels.length) {
        int room = Math.max(needed, 2 * labels.length);
        labels = Arrays.copyOf(labels, room);
        ofLabels = Arrays.copyOf(ofLabels, room);
      }
      for (int image = 0; image < some.images(); image++) {
        labels[known + image] = some.label(image);
        ofLabels[known + image] = some.probability(image, some.label(image));
      }
      known = needed;
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
    int images = parts.stream().mapToInt(part -> part.labels.length).sum();
    int[] labels = new int[images];
    float[] ofLabels = new float[images];
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

  /** The scores of all images for their own classes. */
  public LabelScores ofLabels() {
    return new LabelScores(evaluation.confusion().classes(), labels, ofLabels);
  }

  /**
   * All metrics.
   *
   * @param ranks of all images
   * @param scores those of {@link #ofLabels}
   */
  public ClassificationMetrics metrics(RankTally ranks, LabelScores scores) {
    return ClassificationMetrics.of(evaluation.confusion(), tally, ranks.areas(scores));
  }
}
