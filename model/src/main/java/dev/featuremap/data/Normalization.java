package dev.featuremap.data;

import java.util.List;

/**
 * Turns an unsigned byte {@code p} into the network's input {@code (p / 255 - mean) / deviation},
 * channel by channel, through a table of 256 values computed once in double.
 */
public final class Normalization {
  private final float[][] tables;

  /**
   * One table a channel.
   *
   * @param means mean of each channel, of pixels scaled to 0…1
   * @param deviations standard deviation of each channel, above 0
   */
  public Normalization(List<Double> means, List<Double> deviations) {
    tables = new float[means.size()][256];
    for (int c = 0; c < tables.length; c++) {
      for (int p = 0; p < 256; p++) {
        tables[c][p] = (float) ((p / 255.0 - means.get(c)) / deviations.get(c));
      }
    }
  }

  /** The input value of black in a channel. */
  public float black(int channel) {
    return tables[channel][0];
  }

  /** The input value of the brightest pixel in a channel. */
  public float white(int channel) {
    return tables[channel][255];
  }

  /** The input values of all 256 bytes of a channel; the array is live. */
  public float[] table(int channel) {
    return tables[channel];
  }
}
