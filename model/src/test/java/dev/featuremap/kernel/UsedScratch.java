package dev.featuremap.kernel;

import java.util.Arrays;

/** Scratch as other computations leave it: larger than needed, and full of what harms. */
public final class UsedScratch {
  private static final int LARGER = 4096;

  private UsedScratch() {}

  /** Scratch with rooms that hold NaN; those that grow hold zeros until they are spoiled again. */
  public static Scratch create() {
    Scratch scratch = new Scratch();
    for (Scratch.Use use : Scratch.Use.values()) {
      scratch.reserve(use, LARGER);
    }
    spoil(scratch);
    return scratch;
  }

  /** Fills all rooms with NaN. */
  public static void spoil(Scratch scratch) {
    for (Scratch.Use use : Scratch.Use.values()) {
      Arrays.fill(scratch.reserve(use, 0).floats(), Float.NaN);
    }
  }
}
