package dev.featuremap.data;

import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.tensor.Targets;
import java.util.Arrays;

/**
 * Up to 16 images as a network reads them: normalized floats in the image-lane layout, with labels
 * and record ids by lane. Unused lanes hold zeros or what the pass has for them, label 0 and record
 * -1.
 *
 * <p>One instance is filled again and again.
 */
public final class LaneBlock {
  private final int channels;
  private final int plane;
  private final Normalization normalization;
  private final Targets targets = new Targets();
  private final long[] records = new long[Lanes.COUNT];
  private final ImageView view = new ImageView();
  private final byte[][] sources = new byte[Lanes.COUNT][];
  private final float[][] values = new float[Lanes.COUNT][];
  private final int[] offsets = new int[Lanes.COUNT];
  private float[] pixels;
  private float[] spare;

  /**
   * An empty block for images of {@code shape}.
   *
   * @param normalization of pixels; plays no part where images are values
   */
  public LaneBlock(Shape shape, Normalization normalization) {
    this.channels = shape.channels();
    this.plane = shape.height() * shape.width();
    this.normalization = normalization;
    this.pixels = new float[shape.blockSize()];
  }

  /** Fills the lanes with the images at the places {@code [from, from + count)} of a pass. */
  public void load(ImagePass pass, int from, int count) {
    targets.reset(count);
    for (int lane = 0; lane < count; lane++) {
      pass.find(from + lane, view);
      sources[lane] = view.pixels();
      values[lane] = view.values();
      offsets[lane] = view.offset();
      targets.classes()[lane] = view.label();
      records[lane] = view.record();
    }
    Arrays.fill(records, count, Lanes.COUNT, -1);
    if (values[0] == null) {
      for (int c = 0; c < channels; c++) {
        fillChannel(normalization.table(c), c * plane);
      }
    } else {
      Arrays.fill(values, count, Lanes.COUNT, pass.unusedLane().orElseThrow());
      Arrays.fill(offsets, count, Lanes.COUNT, 0);
      fillValues();
    }
    Arrays.fill(sources, null);
    Arrays.fill(values, null);
  }

  private void fillValues() {
    for (int p = 0; p < channels * plane; p++) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        pixels[p * Lanes.COUNT + lane] = values[lane][offsets[lane] + p];
      }
    }
  }

  private void fillChannel(float[] table, int start) {
    int images = targets.images();
    for (int p = start; p < start + plane; p++) {
      int to = p * Lanes.COUNT;
      for (int lane = 0; lane < images; lane++) {
        pixels[to + lane] = table[sources[lane][offsets[lane] + p] & 0xFF];
      }
      for (int lane = images; lane < Lanes.COUNT; lane++) {
        pixels[to + lane] = 0f;
      }
    }
  }

  /** {@code [channels, rows, columns, 16]}; the array is live, until the next {@link #swap}. */
  public float[] pixels() {
    return pixels;
  }

  /** As much room as {@link #pixels}, to make other pixels in. */
  public float[] spare() {
    if (spare == null) {
      spare = new float[pixels.length];
    }
    return spare;
  }

  /** Makes what was written to {@link #spare} the pixels. */
  public void swap() {
    float[] before = pixels;
    pixels = spare();
    spare = before;
  }

  /** What the images show; live. */
  public Targets targets() {
    return targets;
  }

  /** Stable record ids by lane; the array is live. */
  public long[] records() {
    return records;
  }

  /** Lanes in use, 1 to 16. */
  public int images() {
    return targets.images();
  }
}
