package dev.featuremap.data;

/** Where one image lies in memory, and what is known of it. */
public final class ImageView {
  private byte[] pixels;
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
    this.offset = offset;
    this.label = label;
    this.record = record;
  }

  /** The bytes that hold the image; live. */
  public byte[] pixels() {
    return pixels;
  }

  /** Where in them it begins. */
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
