package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.AdamStep;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.scalar.ScalarAdam;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#adam} with the Vector API, in one pass over the state. C2 itself vectorizes no
 * loop over several ranges of one array.
 */
final class VectorAdam {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;

  private VectorAdam() {}

  static void apply(AdamStep step, float[] state, float[] gradient, int from, int to) {
    int whole = from + SPECIES.loopBound(to - from);
    if (step.decays()) {
      decaying(step, state, gradient, from, whole);
    } else {
      plain(step, state, gradient, from, whole);
    }
    ScalarAdam.apply(step, state, gradient, whole, to);
  }

  private static void plain(AdamStep step, float[] state, float[] gradient, int from, int to) {
    FloatVector keepFirst = broadcast(step.keepFirst);
    FloatVector keepSecond = broadcast(step.keepSecond);
    int firstAt = step.firstAt;
    int secondAt = step.secondAt;
    for (int i = from; i < to; i += SPECIES.length()) {
      FloatVector p = FloatVector.fromArray(SPECIES, state, i);
      FloatVector g = FloatVector.fromArray(SPECIES, gradient, i).mul(step.scale);
      FloatVector m = FloatVector.fromArray(SPECIES, state, firstAt + i);
      m = keepFirst.fma(m, g.mul(step.takeFirst));
      FloatVector v = FloatVector.fromArray(SPECIES, state, secondAt + i);
      v = keepSecond.fma(v, g.mul(step.takeSecond).mul(g));
      m.intoArray(state, firstAt + i);
      v.intoArray(state, secondAt + i);
      FloatVector root = v.mul(step.secondCorrection).lanewise(VectorOperators.SQRT);
      p.sub(m.mul(step.rate).div(root.add(step.epsilon))).intoArray(state, i);
    }
  }

  private static void decaying(AdamStep step, float[] state, float[] gradient, int from, int to) {
    FloatVector keepFirst = broadcast(step.keepFirst);
    FloatVector keepSecond = broadcast(step.keepSecond);
    FloatVector gradientDecay = broadcast(step.gradientDecay);
    FloatVector parameterDecay = broadcast(step.parameterDecay);
    int firstAt = step.firstAt;
    int secondAt = step.secondAt;
    for (int i = from; i < to; i += SPECIES.length()) {
      FloatVector before = FloatVector.fromArray(SPECIES, state, i);
      FloatVector g = FloatVector.fromArray(SPECIES, gradient, i).mul(step.scale);
      g = gradientDecay.fma(before, g);
      FloatVector p = parameterDecay.fma(before, before);
      FloatVector m = FloatVector.fromArray(SPECIES, state, firstAt + i);
      m = keepFirst.fma(m, g.mul(step.takeFirst));
      FloatVector v = FloatVector.fromArray(SPECIES, state, secondAt + i);
      v = keepSecond.fma(v, g.mul(step.takeSecond).mul(g));
      m.intoArray(state, firstAt + i);
      v.intoArray(state, secondAt + i);
      FloatVector root = v.mul(step.secondCorrection).lanewise(VectorOperators.SQRT);
      p.sub(m.mul(step.rate).div(root.add(step.epsilon))).intoArray(state, i);
    }
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }
}
