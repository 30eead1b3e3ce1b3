package dev.featuremap.job.train;

/** A stopwatch whose laps follow each other without a gap, so that they add up to the whole. */
final class Laps {
  private long last = System.nanoTime();

  /** Seconds since the last lap, or since the start. */
  double lap() {
    long now = System.nanoTime();
    double seconds = (now - last) / 1e9;
    last = now;
    return seconds;
  }
}
