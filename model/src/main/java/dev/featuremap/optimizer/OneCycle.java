package dev.featuremap.optimizer;

/**
 * One cycle (Smith and Topin 2018, "Super-convergence"), in PyTorch's form: the factor rises along
 * half a cosine from s to 1 in the first part of training, and falls along another one to f, which
 * it has at the last step:
 *
 * <pre>
 *   a = r · E - h
 *   s + (1 - s) · (1 - cos(π · epoch / a)) / 2                     to epoch a
 *   f + (1 - f) · (1 + cos(π · (epoch - a) / (E - h - a))) / 2     from there on
 * </pre>
 *
 * <p>E: epochs, h: length of a step in epochs. PyTorch's {@code OneCycleLR} has s = 1 / {@code
 * div_factor} and f = s / {@code final_div_factor}, and moves the momentum too, which here stays.
 *
 * @param epochs E, above 0
 * @param rise r, the share of training in which the rate rises, from 0 to 1
 * @param start s, from 0 to 1
 * @param end f, from 0 to 1
 */
record OneCycle(double epochs, double rise, double start, double end) implements Schedule {

  OneCycle {
    NumberRule.POSITIVE.check("epochs", epochs);
    NumberRule.SHARE.check("rise", rise);
    NumberRule.SHARE.check("start-factor", start);
    NumberRule.SHARE.check("final-factor", end);
  }

  @Override
  public double factor(double epoch) {
    return factor(epoch, 0);
  }

  @Override
  public double factor(double epoch, double step) {
    double top = rise * epochs - step;
    if (epoch < top) {
      return between(start, 1, epoch / top);
    }
    double last = epochs - step;
    double fallen = Math.max(top, 0);
    return last > fallen ? between(1, end, Math.min(1, (epoch - fallen) / (last - fallen))) : end;
  }

  private static double between(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * share));
  }
}
