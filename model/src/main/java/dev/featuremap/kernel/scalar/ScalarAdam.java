package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.AdamStep;
import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;

/** The reference implementation of {@link Kernels#adam}. */
public final class ScalarAdam {
  private ScalarAdam() {}

  public static void apply(AdamStep step, float[] state, float[] gradient, int from, int to) {
    boolean decays = step.decays();
    for (int i = from; i < to; i++) {
      float g = gradient[i] * step.scale;
      float p = state[i];
      if (decays) {
        g = Fma.of(step.gradientDecay, p, g);
        p = Fma.of(step.parameterDecay, p, p);
      }
      float m = Fma.of(step.keepFirst, state[step.firstAt + i], step.takeFirst * g);
      float v = Fma.of(step.keepSecond, state[step.secondAt + i], step.takeSecond * g * g);
      state[step.firstAt + i] = m;
      state[step.secondAt + i] = v;
      // Rounding a root first to double and then to float gives the root of float itself.
      float root = (float) Math.sqrt(v * step.secondCorrection);
      state[i] = p - step.rate * m / (root + step.epsilon);
    }
  }
}
