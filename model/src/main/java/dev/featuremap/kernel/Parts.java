package dev.featuremap.kernel;

/** Cuts a range into equal parts for threads. */
public final class Parts {
  private Parts() {}

  /** Where part {@code part} of {@code parts} starts in {@code [0, length)}. */
  public static int start(int length, int part, int parts) {
    return (int) ((long) length * part / parts);
  }
}
