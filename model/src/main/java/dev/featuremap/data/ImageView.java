package dev.featuremap.data;

/** Where one image lies in memory, and what is known of it. */
public final class ImageView {
  private byte[] pixels;
  private float[] values;
  private int offset;
  private int label;
  private long record;

  /**
   * Shows an image.
   *
   * @param pixels unsigned bytes that hold it, {@code [channel, row, column]} from {@code offset}
   * @param label its class, from 0
   * @param record its stable id
   */
  public void show(byte[] pixels, int offset, int label, long record) {
    this.pixels = pixels;
    this.values = null;
    this.offset = offset;
    this.label = label;
    this.record = record;
  }

  /**
   * Shows what is kept of an image in place of its pixels.
   *
   * @param values that hold it, {@code [channel, row, column]} from {@code offset}
   * @param label its class, from 0
   * @param record its stable id
   */
  public void showValues(float[] values, int offset, int label, long record) {
    this.pixels = null;
    this.values = values;
    this.offset = offset;
    this.label = label;
    this.record = record;
  }

  /** The bytes that hold the image; live. Null where values do. */
  public byte[] pixels() {
    return pixels;
  }

  /** What holds the image where no bytes do; live. */
  float[] values() {
    return values;
  }

  /** Where in the bytes or values it begins. */
  public int offset() {
    return offset;
  }

  /** Its class. */
  public int label() {
    return label;
  }

  /** Its stable id. */
  public long record() {
    return record;
  }
}
