package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.FloatMath;
import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.HardGate;
import dev.featuremap.kernel.NormalGate;
import dev.featuremap.kernel.SigmoidGate;
import dev.featuremap.kernel.SoftplusGate;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Gate} with the Vector API. Exponentials are computed in place in the array of the result,
 * between two loops over it.
 */
final class VectorGates {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int WIDTH = SPECIES.length();

  private VectorGates() {}

  static void apply(Gate gate, float[] input, float[] output, int length) {
    int end = SPECIES.loopBound(length);
    if (gate instanceof SigmoidGate sigmoid) {
      apply(sigmoid, input, output, end);
    } else if (gate instanceof HardGate) {
      applyHard(input, output, end);
    } else if (gate instanceof NormalGate) {
      applyNormal(input, output, end);
    } else {
      applySoftplus(input, output, end);
    }
    gate.apply(input, output, end, length);
  }

  static void gradient(
      Gate gate, float[] input, float[] outputGradient, float[] inputGradient, int length) {
    int end = SPECIES.loopBound(length);
    if (gate instanceof SigmoidGate sigmoid) {
      gradient(sigmoid, input, outputGradient, inputGradient, end);
    } else if (gate instanceof HardGate) {
      gradientOfHard(input, outputGradient, inputGradient, end);
    } else if (gate instanceof NormalGate) {
      gradientOfNormal(input, outputGradient, inputGradient, end);
    } else {
      gradientOfSoftplus(input, outputGradient, inputGradient, end);
    }
    gate.gradient(input, outputGradient, inputGradient, end, length);
  }

  private static void apply(SigmoidGate gate, float[] input, float[] output, int end) {
    exponentsInto(gate, input, output, end);
    VectorKernels.exponentiateInPlace(output, 0, end, WIDTH);
    FloatVector one = broadcast(1f);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector exponential = FloatVector.fromArray(SPECIES, output, k);
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      x.mul(one.div(one.add(exponential))).intoArray(output, k);
    }
  }

  private static void gradient(
      SigmoidGate gate, float[] input, float[] outputGradient, float[] inputGradient, int end) {
    exponentsInto(gate, input, inputGradient, end);
    VectorKernels.exponentiateInPlace(inputGradient, 0, end, WIDTH);
    FloatVector linear = broadcast(gate.linear());
    FloatVector steepness = broadcast(3f * gate.cubic());
    FloatVector one = broadcast(1f);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      FloatVector z = x.max(broadcast(-SigmoidGate.LARGEST)).min(broadcast(SigmoidGate.LARGEST));
      FloatVector square = z.mul(z);
      FloatVector s = one.div(one.add(FloatVector.fromArray(SPECIES, inputGradient, k)));
      FloatVector bend = z.mul(s.mul(one.sub(s)));
      FloatVector slope = bend.fma(square.fma(steepness, linear), s);
      FloatVector.fromArray(SPECIES, outputGradient, k).mul(slope).intoArray(inputGradient, k);
    }
  }

  /** {@code -v} of the gate's sigmoid, before it is exponentiated. */
  private static void exponentsInto(SigmoidGate gate, float[] input, float[] exponents, int end) {
    FloatVector linear = broadcast(gate.linear());
    FloatVector cubic = broadcast(gate.cubic());
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      FloatVector z = x.max(broadcast(-SigmoidGate.LARGEST)).min(broadcast(SigmoidGate.LARGEST));
      z.mul(z).fma(cubic, linear).mul(z).neg().intoArray(exponents, k);
    }
  }

  private static void applyHard(float[] input, float[] output, int end) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector begin = broadcast(HardGate.END);
    FloatVector whole = broadcast(2f * HardGate.END);
    FloatVector sixth = broadcast(HardGate.SIXTH);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      x.mul(x.add(begin).max(zero).min(whole).mul(sixth)).intoArray(output, k);
    }
  }

  private static void gradientOfHard(
      float[] input, float[] outputGradient, float[] inputGradient, int end) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector one = broadcast(1f);
    FloatVector half = broadcast(0.5f);
    FloatVector third = broadcast(HardGate.THIRD);
    FloatVector limit = broadcast(HardGate.END);
    FloatVector begin = broadcast(-HardGate.END);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      VectorMask<Float> bends = x.lt(limit);
      VectorMask<Float> passes = begin.lt(x);
      FloatVector slope = zero.blend(one.blend(x.fma(third, half), bends), passes);
      FloatVector.fromArray(SPECIES, outputGradient, k).mul(slope).intoArray(inputGradient, k);
    }
  }

  private static void applyNormal(float[] input, float[] output, int end) {
    halfSquaresInto(input, output, end);
    VectorKernels.exponentiateInPlace(output, 0, end, WIDTH);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector one = broadcast(1f);
    FloatVector largest = broadcast(NormalGate.LARGEST);
    FloatVector least = broadcast(-NormalGate.LARGEST);
    FloatVector steepness = broadcast(NormalGate.STEEPNESS);
    FloatVector minusHalf = broadcast(-0.5f);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      FloatVector z = x.max(least).min(largest);
      FloatVector rest = z.fma(z, z.mul(z).neg());
      FloatVector rounded = FloatVector.fromArray(SPECIES, output, k);
      FloatVector bell = minusHalf.mul(rest).fma(rounded, rounded);
      FloatVector s = one.div(z.abs().fma(steepness, one));
      FloatVector p = broadcast(NormalGate.P9).fma(s, broadcast(NormalGate.P8));
      p = p.fma(s, broadcast(NormalGate.P7));
      p = p.fma(s, broadcast(NormalGate.P6));
      p = p.fma(s, broadcast(NormalGate.P5));
      p = p.fma(s, broadcast(NormalGate.P4));
      p = p.fma(s, broadcast(NormalGate.P3));
      p = p.fma(s, broadcast(NormalGate.P2));
      p = p.fma(s, broadcast(NormalGate.P1));
      p = p.fma(s, broadcast(NormalGate.P0));
      FloatVector tail = bell.mul(p.mul(s));
      FloatVector share = one.sub(tail).blend(tail, z.lt(zero));
      x.max(least).mul(share).intoArray(output, k);
    }
  }

  private static void gradientOfNormal(
      float[] input, float[] outputGradient, float[] inputGradient, int end) {
    halfSquaresInto(input, inputGradient, end);
    VectorKernels.exponentiateInPlace(inputGradient, 0, end, WIDTH);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector one = broadcast(1f);
    FloatVector largest = broadcast(NormalGate.LARGEST);
    FloatVector least = broadcast(-NormalGate.LARGEST);
    FloatVector steepness = broadcast(NormalGate.STEEPNESS);
    FloatVector minusHalf = broadcast(-0.5f);
    FloatVector density = broadcast(NormalGate.DENSITY);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k);
      FloatVector z = x.max(least).min(largest);
      FloatVector rest = z.fma(z, z.mul(z).neg());
      FloatVector rounded = FloatVector.fromArray(SPECIES, inputGradient, k);
      FloatVector bell = minusHalf.mul(rest).fma(rounded, rounded);
      FloatVector s = one.div(z.abs().fma(steepness, one));
      FloatVector p = broadcast(NormalGate.P9).fma(s, broadcast(NormalGate.P8));
      p = p.fma(s, broadcast(NormalGate.P7));
      p = p.fma(s, broadcast(NormalGate.P6));
      p = p.fma(s, broadcast(NormalGate.P5));
      p = p.fma(s, broadcast(NormalGate.P4));
      p = p.fma(s, broadcast(NormalGate.P3));
      p = p.fma(s, broadcast(NormalGate.P2));
      p = p.fma(s, broadcast(NormalGate.P1));
      p = p.fma(s, broadcast(NormalGate.P0));
      FloatVector tail = bell.mul(p.mul(s));
      FloatVector share = one.sub(tail).blend(tail, z.lt(zero));
      FloatVector slope = z.mul(density).fma(bell, share);
      FloatVector.fromArray(SPECIES, outputGradient, k).mul(slope).intoArray(inputGradient, k);
    }
  }

  /** {@code -z²/2}, before it is exponentiated. */
  private static void halfSquaresInto(float[] input, float[] exponents, int end) {
    FloatVector largest = broadcast(NormalGate.LARGEST);
    FloatVector least = broadcast(-NormalGate.LARGEST);
    FloatVector factor = broadcast(-0.5f);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector z = FloatVector.fromArray(SPECIES, input, k).max(least).min(largest);
      factor.mul(z.mul(z)).intoArray(exponents, k);
    }
  }

  private static void applySoftplus(float[] input, float[] output, int end) {
    FloatVector largest = broadcast(SoftplusGate.LARGEST);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector.fromArray(SPECIES, input, k).min(largest).intoArray(output, k);
    }
    VectorKernels.exponentiateInPlace(output, 0, end, WIDTH);
    FloatVector two = broadcast(2f);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector e = FloatVector.fromArray(SPECIES, output, k);
      FloatVector n = e.mul(e.add(two));
      FloatVector.fromArray(SPECIES, input, k).mul(n.div(n.add(two))).intoArray(output, k);
    }
  }

  private static void gradientOfSoftplus(
      float[] input, float[] outputGradient, float[] inputGradient, int end) {
    FloatVector largest = broadcast(SoftplusGate.LARGEST);
    FloatVector least = broadcast(FloatMath.EXP_MIN);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector.fromArray(SPECIES, input, k).max(least).min(largest).intoArray(inputGradient, k);
    }
    VectorKernels.exponentiateInPlace(inputGradient, 0, end, WIDTH);
    FloatVector one = broadcast(1f);
    FloatVector two = broadcast(2f);
    FloatVector four = broadcast(4f);
    for (int k = 0; k < end; k += WIDTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, input, k).max(least).min(largest);
      FloatVector e = FloatVector.fromArray(SPECIES, inputGradient, k);
      FloatVector n = e.mul(e.add(two));
      FloatVector whole = n.add(two);
      FloatVector bend = four.mul(e.mul(e.add(one))).div(whole).div(whole);
      FloatVector slope = x.fma(bend, n.div(whole));
      FloatVector.fromArray(SPECIES, outputGradient, k).mul(slope).intoArray(inputGradient, k);
    }
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }
}
