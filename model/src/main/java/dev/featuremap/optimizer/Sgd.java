package dev.featuremap.optimizer;

import static dev.featuremap.optimizer.OptimizerSetting.MOMENTUM;
import static dev.featuremap.optimizer.OptimizerSetting.NESTEROV;
import static dev.featuremap.optimizer.OptimizerSetting.WEIGHT_DECAY;

import dev.featuremap.kernel.Fma;
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
  static final OptimizerType TYPE =
      new OptimizerType("sgd", List.of(MOMENTUM, NESTEROV, WEIGHT_DECAY), Sgd::of);

  private static final String NO_MOMENTUM =
      "Cannot use %s: it needs a momentum, got momentum 0. Set momentum, for example to 0.9.";

  /** Checks the ranges. */
  public Sgd {
    MOMENTUM.check(momentum);
    WEIGHT_DECAY.check(weightDecay);
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException(NO_MOMENTUM.formatted("nesterov"));
    }
  }

  private static Sgd of(OptimizerType.Values values) {
    double momentum = values.of(MOMENTUM);
    boolean nesterov = values.of(NESTEROV) != 0;
    if (nesterov && momentum == 0) {
      values.section().problem(NO_MOMENTUM.formatted(values.section().path("nesterov")));
    }
    return new Sgd(momentum, nesterov && momentum > 0, values.of(WEIGHT_DECAY));
  }

  @Override
  public String name() {
    return TYPE.name();
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
        state[i] = Fma.of(-rate, Fma.of(decay, state[i], gradient[i] * scale), state[i]);
      }
    }
  }

  private static final class Accelerated extends TiledUpdate {
    private final Sgd sgd;
    private float rate;

    Accelerated(Sgd sgd, StateLayout layout) {
      super(sgd, layout, sgd.weightDecay == 0 ? List.of() : layout.decayed());
      this.sgd = sgd;
    }

    @Override
    void begin(double learningRate, long step) {
      rate = (float) learningRate;
    }

    @Override
    void update(Tile tile, boolean decays) {
      float[] gradient = tile.gradient();
      float[] velocity = tile.slot(0);
      float m = (float) sgd.momentum;
      if (decays) {
        tile.addScaled(gradient, (float) sgd.weightDecay, tile.parameters());
      }
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
