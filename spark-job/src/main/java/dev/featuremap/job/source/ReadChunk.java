package dev.featuremap.job.source;

import dev.featuremap.data.ImageChunk;

/** Some records as they were read: the images, and those that are none. */
public final class ReadChunk {
  private final ImageChunk images;
  private final BadRecord[] bad;

  /** Takes the array as it is. */
  public ReadChunk(ImageChunk images, BadRecord[] bad) {
    this.images = images;
    this.bad = bad;
  }

  /** The images; there may be none. */
  public ImageChunk images() {
    return images;
  }

  /** The records that are left out; the array is live. */
  public BadRecord[] bad() {
    return bad;
  }
}
