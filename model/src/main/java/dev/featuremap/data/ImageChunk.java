package dev.featuremap.data;

import dev.featuremap.tensor.Shape;
import java.io.Serializable;

/**
 * Some thousand images as bytes, with their labels and stable record ids.
 *
 * <p>A plain class with primitive fields, since it travels between executors.
 */
public final class ImageChunk implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int imageBytes;
  private final long[] records;
  private final int[] labels;
  private final byte[] pixels;
  private byte[] sha256;

  /**
   * Takes the arrays as they are.
   *
   * @param records stable record ids, one an image
   * @param labels classes from 0, one an image
   * @param pixels {@code [image, channel, row, column]}, unsigned bytes
   */
  public ImageChunk(Shape shape, long[] records, int[] labels, byte[] pixels) {
    if (records.length != labels.length || pixels.length != (long) labels.length * shape.size()) {
      throw new IllegalArgumentException(
          "Cannot join %s records, %s labels and %s bytes of pixels to images of %s."
              .formatted(records.length, labels.length, pixels.length, shape));
    }
    this.imageBytes = shape.size();
    this.records = records;
    this.labels = labels;
    this.pixels = pixels;
  }

  /** Images in the chunk. */
  public int size() {
    return labels.length;
  }

  /** Stable id of the record at {@code index}. */
  public long record(int index) {
    return records[index];
  }

  /** Class of the image at {@code index}. */
  public int label(int index) {
    return labels[index];
  }

  /** All pixels, {@code [image, channel, row, column]}; the array is live. */
  public byte[] pixels() {
    return pixels;
  }

  /** Bytes of each image. */
  public int imageBytes() {
    return imageBytes;
  }

  /**
   * SHA-256 of the images, one after another. Computed once and carried along, so that asking again
   * costs nothing wherever the chunk travels.
   */
  public byte[] sha256() {
    if (sha256 == null) {
      ImageDigest digest = new ImageDigest();
      for (int index = 0; index < size(); index++) {
        digest.add(records[index], labels[index], pixels, index * imageBytes, imageBytes);
      }
      sha256 = digest.finish();
    }
    return sha256.clone();
  }
}
