package dev.featuremap.train;

import java.io.Serializable;
import java.util.Comparator;

/** An image that was taken for another class. A plain class of primitive fields: it travels. */
public final class Mistake implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The farthest off first; the smaller record of equals. */
  public static final Comparator<Mistake> WORST_FIRST =
      Comparator.comparingDouble((Mistake mistake) -> mistake.margin)
          .reversed()
          .thenComparingLong(mistake -> mistake.record);

  private final long record;
  private final int position;
  private final int label;
  private final int prediction;
  private final float margin;

  Mistake(long record, int position, int label, int prediction, float margin) {
    this.record = record;
    this.position = position;
    this.label = label;
    this.prediction = prediction;
    this.margin = margin;
  }

  /** The image's record id. */
  public long record() {
    return record;
  }

  /** Its position in its shard. */
  public int position() {
    return position;
  }

  /** What it shows. */
  public int label() {
    return label;
  }

  /** What it was taken for. */
  public int prediction() {
    return prediction;
  }

  /** How far the logit of the prediction is above that of the label. */
  public float margin() {
    return margin;
  }
}
