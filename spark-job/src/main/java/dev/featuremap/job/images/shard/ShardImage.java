package dev.featuremap.job.images.shard;

import dev.featuremap.data.ImageView;
import java.util.Arrays;

/** One image of a shard on its way to the driver. A plain class of plain fields. */
public final class ShardImage {
  private final long record;
  private final int label;
  private final byte[] pixels;

  ShardImage(ImageView view, int imageBytes) {
    this.record = view.record();
    this.label = view.label();
    this.pixels = Arrays.copyOfRange(view.pixels(), view.offset(), view.offset() + imageBytes);
  }

  /** Its record id. */
  public long record() {
    return record;
  }

  /** Its class. */
  public int label() {
    return label;
  }

  /** {@code [channel, row, column]}, unsigned bytes; live. */
  public byte[] pixels() {
    return pixels;
  }
}
