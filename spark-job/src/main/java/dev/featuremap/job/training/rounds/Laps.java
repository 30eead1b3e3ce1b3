package dev.featuremap.job.training.rounds;

import java.util.function.LongSupplier;

/** A stopwatch whose laps follow each other without a gap, so that they add up to the whole. */
public final class Laps {
  private final LongSupplier nanoTime;
  private long last;

  /** A stopwatch that starts now. */
  public Laps() {
    this(System::nanoTime);
  }

  public Laps(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  /** Seconds since the last lap, or since the start. */
  public double lap() {
    long now = nanoTime.getAsLong();
    double seconds = (now - last) / 1e9;
    last = now;
    return seconds;
  }
}
