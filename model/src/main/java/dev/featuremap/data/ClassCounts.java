package dev.featuremap.data;

import java.util.Arrays;

/** Counts the images of each class. */
public final class ClassCounts {
  private int[] images = new int[16];
  private int classes;

  /** Those of a shard, whose labels are in memory. */
  public static int[] of(Shard shard) {
    ClassCounts counts = new ClassCounts();
    ImageView view = new ImageView();
    try (ImagePass pass = shard.pass(EpochOrder.sequential(), 0, shard.size())) {
      for (int place = 0; place < shard.size(); place++) {
        pass.find(place, view);
        counts.add(view.label());
      }
    }
    return counts.toArray();
  }

  /** Adds an image of a class, from 0. */
  public void add(int label) {
    if (label >= images.length) {
      images = Arrays.copyOf(images, Math.max(label + 1, 2 * images.length));
    }
    images[label]++;
    classes = Math.max(classes, label + 1);
  }

  /** Images by class, up to the last class that has any. */
  public int[] toArray() {
    return Arrays.copyOf(images, classes);
  }
}
