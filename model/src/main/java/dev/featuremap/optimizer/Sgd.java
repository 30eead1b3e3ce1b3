package dev.featuremap.optimizer;

/**
 * Stochastic gradient descent, with momentum (Polyak 1964) or Nesterov's form of it (Sutskever et
 * al. 2013) as PyTorch writes them:
 *
 * <pre>
 *   g = gradient + λ · p          where weight decay applies
 *   v = m · v + g
 *   p = p - η · v                 with momentum
 *   p = p - η · (g + m · v)       with Nesterov's momentum
 *   p = p - η · g                 without momentum
 * </pre>
 *
 * <p>p: parameters, η: {@code learningRate}, m: {@code momentum}, λ: {@code weightDecay}, v: slot
 * 0, which exists only with momentum. Sutskever et al. and Caffe put the learning rate inside the
 * velocity, {@code v = m · v + η · g}; both are equal while η is constant. Nielsen's text writes
 * weight decay as λ/n with n training images.
 *
 * @param momentum m, from 0 to below 1
 * @param nesterov true for Nesterov's form, which needs a momentum
 * @param weightDecay λ, at least 0
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay) implements Optimizer {

  /** Checks the ranges. */
  public Sgd {
    NumberRule.BELOW_ONE.check("momentum", momentum);
    NumberRule.NOT_NEGATIVE.check("weight-decay", weightDecay);
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException(
          "Cannot use nesterov: it needs a momentum, got momentum 0. Set momentum, for example to"
              + " 0.9.");
    }
  }

  @Override
  public String name() {
    return "sgd";
  }

  @Override
  public int slots() {
    return momentum == 0 ? 0 : 1;
  }

  @Override
  public void update(
      float[] state, StateLayout layout, float[] gradient, double learningRate, long step) {
    layout.check(this, state, gradient, step);
    float rate = (float) learningRate;
    if (momentum == 0) {
      descend(state, layout, gradient, rate);
    } else {
      Tile.forEach(state, layout, gradient, tile -> accelerate(tile, rate));
    }
  }

  private void accelerate(Tile tile, float rate) {
    float[] gradient = tile.gradient();
    float[] velocity = tile.slot(0);
    float m = (float) momentum;
    tile.addDecay(gradient, (float) weightDecay);
    tile.scaleAndAdd(velocity, m, gradient);
    if (nesterov) {
      tile.addScaled(gradient, m, velocity);
      tile.addScaled(tile.parameters(), -rate, gradient);
    } else {
      tile.addScaled(tile.parameters(), -rate, velocity);
    }
  }

  /** Without slots the loop vectorizes on the state itself. */
  private void descend(float[] state, StateLayout layout, float[] gradient, float rate) {
    int at = 0;
    for (StateLayout.Range range : layout.decayed()) {
      descend(state, gradient, at, range.from(), 0, rate);
      descend(state, gradient, range.from(), range.to(), (float) weightDecay, rate);
      at = range.to();
    }
    descend(state, gradient, at, layout.parameters(), 0, rate);
  }

  private static void descend(
      float[] state, float[] gradient, int from, int to, float decay, float rate) {
    for (int i = from; i < to; i++) {
      state[i] = Math.fma(-rate, Math.fma(decay, state[i], gradient[i]), state[i]);
    }
  }
}
