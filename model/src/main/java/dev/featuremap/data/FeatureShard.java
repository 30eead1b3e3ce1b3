package dev.featuremap.data;

import java.io.Serializable;
import java.util.Optional;

/**
 * A shard of which not the pixels are kept but what a frozen part of a network makes of them, as
 * float32.
 *
 * <p>A plain class with primitive fields, since Spark caches it.
 */
public final class FeatureShard implements Shard, Serializable {
  private static final long serialVersionUID = 1L;

  private final String sha256;
  private final long[] records;
  private final int[] labels;
  private final float[][] values;
  private final int chunkImages;
  private final float[] unusedLane;

  /**
   * Takes the arrays as they are.
   *
   * @param sha256 of the shard with its pixels
   * @param records stable record ids, one an image
   * @param labels classes from 0, one an image
   * @param values {@code [chunk][image, channel, row, column]}
   * @param chunkImages images of each chunk but the last, which may have fewer
   * @param unusedLane what the frozen part makes of a lane that has no image
   */
  public FeatureShard(
      String sha256,
      long[] records,
      int[] labels,
      float[][] values,
      int chunkImages,
      float[] unusedLane) {
    this.sha256 = sha256;
    this.records = records;
    this.labels = labels;
    this.values = values;
    this.chunkImages = chunkImages;
    this.unusedLane = unusedLane;
  }

  @Override
  public int size() {
    return labels.length;
  }

  /** That of the pixels, which decide what is kept. */
  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public boolean holdsFeatures() {
    return true;
  }

  @Override
  public ImagePass pass(EpochOrder order, int from, int to) {
    return new Pass(order);
  }

  /** Nothing has to be made ready. */
  private final class Pass implements ImagePass {
    private final EpochOrder order;
    private final Optional<float[]> unused = Optional.of(unusedLane);

    Pass(EpochOrder order) {
      this.order = order;
    }

    @Override
    public void advance(int from, int count) {}

    @Override
    public void find(int place, ImageView view) {
      int position = order.position(place);
      view.showValues(
          values[position / chunkImages],
          position % chunkImages * unusedLane.length,
          labels[position],
          records[position]);
    }

    @Override
    public Optional<float[]> unusedLane() {
      return unused;
    }

    @Override
    public void close() {}
  }
}
