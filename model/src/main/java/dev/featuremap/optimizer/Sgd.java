package dev.featuremap.optimizer;

import dev.featuremap.kernel.Kernels;
import java.util.List;

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
  public Update over(StateLayout layout, Kernels kernels) {
    return momentum == 0 ? new Plain(this, layout) : new Accelerated(this, layout);
  }

  /** Without slots the loop vectorizes on the state itself. */
  private static final class Plain extends RangeUpdate {
    private final float weightDecay;
    private float scale;
    private float rate;

    Plain(Sgd sgd, StateLayout layout) {
      super(sgd, layout, sgd.weightDecay == 0 ? List.of() : layout.decayed());
      weightDecay = (float) sgd.weightDecay;
    }

    @Override
    void begin(float gradientScale, double learningRate, long step) {
      scale = gradientScale;
      rate = (float) learningRate;
    }

    @Override
    void update(float[] state, float[] gradient, int from, int to, boolean decays) {
      descend(state, gradient, scale, from, to, decays ? weightDecay : 0, rate);
    }

    private static void descend(
        float[] state, float[] gradient, float scale, int from, int to, float decay, float rate) {
      for (int i = from; i < to; i++) {
        state[i] = Math.fma(-rate, Math.fma(decay, state[i], gradient[i] * scale), state[i]);
      }
    }
  }

  private static final class Accelerated extends TiledUpdate {
    private final Sgd sgd;
    private float rate;

    Accelerated(Sgd sgd, StateLayout layout) {
      super(sgd, layout);
      this.sgd = sgd;
    }

    @Override
    void begin(double learningRate, long step) {
      rate = (float) learningRate;
    }

    @Override
    void update(Tile tile) {
      float[] gradient = tile.gradient();
      float[] velocity = tile.slot(0);
      float m = (float) sgd.momentum;
      tile.addDecay(gradient, (float) sgd.weightDecay);
      tile.scaleAndAdd(velocity, m, gradient);
      if (sgd.nesterov) {
        tile.addScaled(gradient, m, velocity);
        tile.addScaled(tile.parameters(), -rate, gradient);
      } else {
        tile.addScaled(tile.parameters(), -rate, velocity);
      }
    }
  }
}
