package dev.featuremap.optimizer;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;

/**
 * Another optimizer that also keeps an exponential moving average of the parameters (Polyak and
 * Juditsky 1992 average all steps; the exponential form is as in TensorFlow and Inception, Szegedy
 * et al. 2016), which is the model that is evaluated and exported:
 *
 * <pre>
 *   a = d · a + (1 - d) · p      after each update of p
 * </pre>
 *
 * <p>p: parameters, d: {@code decay}, a: the last slot, which starts as the initial parameters. It
 * follows steps, not rounds: being linear, the average of the workers' a is then the a of their
 * average, whatever {@code sync.every} is, and d means the same under every rule.
 *
 * @param inner what updates the parameters
 * @param decay d, above 0 and below 1
 */
public record Ema(Optimizer inner, double decay) implements Optimizer {

  /** Checks the range. */
  public Ema {
    NumberRule.BELOW_ONE.check("ema-decay", decay);
    NumberRule.POSITIVE.check("ema-decay", decay);
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public int slots() {
    return inner.slots() + 1;
  }

  @Override
  public void start(float[] state, StateLayout layout) {
    inner.start(state, layout);
    System.arraycopy(state, 0, state, modelAt(layout), layout.parameters());
  }

  /** Forgets what the other optimizer remembers; the average is no memory of a round. */
  @Override
  public void restart(float[] state, StateLayout layout) {
    inner.restart(state, layout);
  }

  @Override
  public int modelAt(StateLayout layout) {
    return layout.slotAt(inner.slots());
  }

  @Override
  public Update over(StateLayout layout, Kernels kernels) {
    return new Averaged(this, layout, kernels);
  }

  private static final class Averaged implements Update {
    private final Ema ema;
    private final StateLayout layout;
    private final Update update;
    private final float[] parameters;
    private final float[] average;

    Averaged(Ema ema, StateLayout layout, Kernels kernels) {
      this.ema = ema;
      this.layout = layout;
      this.update = ema.inner.over(layout.withSlots(ema.inner.slots()), kernels);
      this.parameters = new float[Math.min(Tile.LENGTH, layout.parameters())];
      this.average = new float[parameters.length];
    }

    @Override
    public boolean isDivisible() {
      return update.isDivisible();
    }

    @Override
    public int start(int parameters, int part, int parts) {
      return update.start(parameters, part, parts);
    }

    @Override
    public void apply(
        float[] state,
        float[] gradient,
        float scale,
        double learningRate,
        long step,
        int from,
        int to) {
      layout.check(ema, state, gradient, step);
      update.apply(state, gradient, scale, learningRate, step, from, to);
      int model = ema.modelAt(layout);
      for (int at = from; at < to; at += Tile.LENGTH) {
        int length = Math.min(Tile.LENGTH, to - at);
        System.arraycopy(state, at, parameters, 0, length);
        System.arraycopy(state, model + at, average, 0, length);
        follow((float) ema.decay, (float) (1 - ema.decay), length);
        System.arraycopy(average, 0, state, model + at, length);
      }
    }

    /** Runs on copies, as {@link Tile} explains. */
    private void follow(float keep, float take, int length) {
      for (int i = 0; i < length; i++) {
        average[i] = Fma.of(keep, average[i], take * parameters[i]);
      }
    }
  }
}
