package dev.featuremap.tensor;

import java.util.Arrays;

/**
 * What the images of a block show: one class each, or two classes with shares where two images were
 * mixed. Lanes past the images in use mean nothing.
 *
 * <p>One instance is filled again and again; its arrays are live.
 */
public final class Targets {
  private final int[] classes = new int[Lanes.COUNT];
  private final int[] others = new int[Lanes.COUNT];
  private final float[] shares = new float[Lanes.COUNT];
  private int images;

  /** No images yet. */
  public Targets() {
    reset(0);
  }

  /** Unmixed images of these classes. */
  public static Targets of(int[] classes, int images) {
    Targets targets = new Targets();
    targets.reset(images);
    System.arraycopy(classes, 0, targets.classes, 0, classes.length);
    return targets;
  }

  /** Starts over with so many unmixed images of class 0. */
  public void reset(int newImages) {
    Arrays.fill(classes, 0);
    Arrays.fill(others, 0);
    Arrays.fill(shares, 1f);
    images = newImages;
  }

  /** Lanes in use, 0 to 16. */
  public int images() {
    return images;
  }

  /** The class that each image shows, or shows most of. */
  public int[] classes() {
    return classes;
  }

  /** The second class of each image that is mixed. */
  public int[] others() {
    return others;
  }

  /** The share of the first class, 0 to 1; 1 where nothing is mixed. */
  public float[] shares() {
    return shares;
  }
}
