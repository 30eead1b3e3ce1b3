package dev.featuremap.optimizer;

/**
 * Half a cosine from 1 to a final factor (Loshchilov and Hutter 2017, "SGDR", equation 5, without
 * restarts): {@code f + (1 - f) · (1 + cos(π · epoch / E)) / 2}; f from E on.
 *
 * @param epochs E, where the final factor is reached, above 0
 * @param finalFactor f, from 0 to 1
 */
public record CosineSchedule(double epochs, double finalFactor) implements Schedule {

  /** Checks the ranges. */
  public CosineSchedule {
    NumberRule.POSITIVE.check("epochs", epochs);
    NumberRule.SHARE.check("final-factor", finalFactor);
  }

  @Override
  public double factor(double epoch) {
    double angle = Math.PI * Math.min(epoch / epochs, 1);
    return finalFactor + (1 - finalFactor) * (1 + StrictMath.cos(angle)) / 2;
  }
}
