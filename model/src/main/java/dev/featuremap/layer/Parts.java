package dev.featuremap.layer;

/** Cuts a range into equal parts for threads. */
final class Parts {
  private Parts() {}

  /** Where part {@code part} of {@code parts} starts in {@code [0, length)}. */
  static int start(int length, int part, int parts) {
    return (int) ((long) length * part / parts);
  }
}
