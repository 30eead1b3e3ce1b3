package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Correlation#weightGradient} and {@link Correlation#biasGradient} with the Vector API.
 *
 * <p>Weights go to {@link RowGradient} where it fits. Elsewhere a register tile holds the sums of 4
 * feature maps × 5 taps while one loop walks over all output pixels. A tile that would reach past
 * the last map or tap repeats the last one and drops the copies.
 */
final class VectorConvolutionGradient {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int TILE_MAPS = 4;
  private static final int TILE_TAPS = 5;

  /** Tiles whose lanes are summed together: they are 16 vectors, or a multiple. */
  private static final int BATCH = 4;

  private final ConvolutionGeometry g;

  /** Offset in the input of each output pixel's corner of the field, by rows. */
  private final int[] pixelOffsets;

  /** Lane sums of a batch of tiles, {@code [tile, 4, 5, 16]}. */
  private final float[] sums = new float[BATCH * TILE_MAPS * TILE_TAPS * LANES];

  private final float[] totals = new float[BATCH * TILE_MAPS * TILE_TAPS];

  /** Takes the weight gradient over where it fits, else null. */
  private final RowGradient rowForm;

  private float[] input;
  private float[] outputGradient;
  private float[] parameterGradient;
  private int weightsAt;

  VectorConvolutionGradient(ConvolutionGeometry geometry) {
    this.g = geometry;
    rowForm = RowGradient.orNull(g);
    pixelOffsets = new int[g.outputHeight() * g.outputWidth()];
    int pixel = 0;
    for (int y = 0; y < g.outputHeight(); y++) {
      for (int x = 0; x < g.outputWidth(); x++) {
        pixelOffsets[pixel++] = g.cornerOffset(y, x) * LANES;
      }
    }
  }

  void weights(float[] input, float[] outputGradient, float[] parameterGradient, int weightsAt) {
    if (rowForm != null) {
      rowForm.apply(input, outputGradient, parameterGradient, weightsAt);
      return;
    }
    this.input = input;
    this.outputGradient = outputGradient;
    this.parameterGradient = parameterGradient;
    this.weightsAt = weightsAt;
    for (int f = 0; f < g.featureMaps(); f += TILE_MAPS) {
      for (int tap = 0; tap < g.taps(); tap += BATCH * TILE_TAPS) {
        int tiles = Math.min(BATCH, (g.taps() - tap - 1) / TILE_TAPS + 1);
        for (int tile = 0; tile < tiles; tile++) {
          for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
            correlate(f, tap + tile * TILE_TAPS, lane, tile * TILE_MAPS * TILE_TAPS * LANES);
          }
        }
        sumLanes(tiles * TILE_MAPS * TILE_TAPS);
        for (int tile = 0; tile < tiles; tile++) {
          addTotals(f, tap + tile * TILE_TAPS, tile * TILE_MAPS * TILE_TAPS);
        }
      }
    }
  }

  private void sumLanes(int vectors) {
    if (SPECIES.length() == LANES) {
      LaneSums.apply(sums, vectors, totals);
      return;
    }
    for (int k = 0; k < vectors; k++) {
      totals[k] = Lanes.sum(sums, k * LANES);
    }
  }

  private void addTotals(int f, int tap, int from) {
    int maps = Math.min(TILE_MAPS, g.featureMaps() - f);
    int taps = Math.min(TILE_TAPS, g.taps() - tap);
    for (int m = 0; m < maps; m++) {
      int w = weightsAt + (f + m) * g.taps() + tap;
      for (int t = 0; t < taps; t++) {
        parameterGradient[w + t] += totals[from + m * TILE_TAPS + t];
      }
    }
  }

  private int gradientOffset(int f) {
    return Math.min(f, g.featureMaps() - 1) * pixelOffsets.length * LANES;
  }

  private int tapOffset(int tap) {
    int t = Math.min(tap, g.taps() - 1);
    int row = t / g.fieldWidth();
    int c = row / g.fieldHeight();
    int i = row % g.fieldHeight();
    return (c * g.height() * g.width() + g.tapOffset(i, t % g.fieldWidth())) * LANES;
  }

  /** Sums over all pixels for 4 maps from {@code f} and 5 taps from {@code tap}. */
  private void correlate(int f, int tap, int lane, int sumsAt) {
    int[] offsets = pixelOffsets;
    float[] in = input;
    float[] go = outputGradient;
    int from0 = tapOffset(tap) + lane;
    int from1 = tapOffset(tap + 1) + lane;
    int from2 = tapOffset(tap + 2) + lane;
    int from3 = tapOffset(tap + 3) + lane;
    int from4 = tapOffset(tap + 4) + lane;
    int goA = gradientOffset(f) + lane;
    int goB = gradientOffset(f + 1) + lane;
    int goC = gradientOffset(f + 2) + lane;
    int goD = gradientOffset(f + 3) + lane;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero;
    FloatVector b0 = zero, b1 = zero, b2 = zero, b3 = zero, b4 = zero;
    FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero;
    FloatVector d0 = zero, d1 = zero, d2 = zero, d3 = zero, d4 = zero;
    for (int pixel = 0; pixel < offsets.length; pixel++) {
      int pixelAt = offsets[pixel];
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, from0 + pixelAt);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, from1 + pixelAt);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, from2 + pixelAt);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, from3 + pixelAt);
      FloatVector x4 = FloatVector.fromArray(SPECIES, in, from4 + pixelAt);
      FloatVector a = FloatVector.fromArray(SPECIES, go, goA + pixel * LANES);
      a0 = a.fma(x0, a0);
      a1 = a.fma(x1, a1);
      a2 = a.fma(x2, a2);
      a3 = a.fma(x3, a3);
      a4 = a.fma(x4, a4);
      FloatVector b = FloatVector.fromArray(SPECIES, go, goB + pixel * LANES);
      b0 = b.fma(x0, b0);
      b1 = b.fma(x1, b1);
      b2 = b.fma(x2, b2);
      b3 = b.fma(x3, b3);
      b4 = b.fma(x4, b4);
      FloatVector c = FloatVector.fromArray(SPECIES, go, goC + pixel * LANES);
      c0 = c.fma(x0, c0);
      c1 = c.fma(x1, c1);
      c2 = c.fma(x2, c2);
      c3 = c.fma(x3, c3);
      c4 = c.fma(x4, c4);
      FloatVector d = FloatVector.fromArray(SPECIES, go, goD + pixel * LANES);
      d0 = d.fma(x0, d0);
      d1 = d.fma(x1, d1);
      d2 = d.fma(x2, d2);
      d3 = d.fma(x3, d3);
      d4 = d.fma(x4, d4);
    }
    float[] to = sums;
    int at = sumsAt + lane;
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(to, at);
    neutral.add(a1).intoArray(to, at + LANES);
    neutral.add(a2).intoArray(to, at + 2 * LANES);
    neutral.add(a3).intoArray(to, at + 3 * LANES);
    neutral.add(a4).intoArray(to, at + 4 * LANES);
    neutral.add(b0).intoArray(to, at + 5 * LANES);
    neutral.add(b1).intoArray(to, at + 6 * LANES);
    neutral.add(b2).intoArray(to, at + 7 * LANES);
    neutral.add(b3).intoArray(to, at + 8 * LANES);
    neutral.add(b4).intoArray(to, at + 9 * LANES);
    neutral.add(c0).intoArray(to, at + 10 * LANES);
    neutral.add(c1).intoArray(to, at + 11 * LANES);
    neutral.add(c2).intoArray(to, at + 12 * LANES);
    neutral.add(c3).intoArray(to, at + 13 * LANES);
    neutral.add(c4).intoArray(to, at + 14 * LANES);
    neutral.add(d0).intoArray(to, at + 15 * LANES);
    neutral.add(d1).intoArray(to, at + 16 * LANES);
    neutral.add(d2).intoArray(to, at + 17 * LANES);
    neutral.add(d3).intoArray(to, at + 18 * LANES);
    neutral.add(d4).intoArray(to, at + 19 * LANES);
  }

  /** Four channels at a time. */
  void biases(float[] outputGradient, float[] parameterGradient, int biasesAt) {
    int channels = g.featureMaps();
    for (int c = 0; c < channels; c += TILE_MAPS) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        sumFour(c, channels - 1, pixelOffsets.length, outputGradient, lane, sums);
      }
      for (int k = 0; k < Math.min(TILE_MAPS, channels - c); k++) {
        parameterGradient[biasesAt + c + k] += Lanes.sum(sums, k * LANES);
      }
    }
  }

  private static void sumFour(
      int c, int last, int pixels, float[] outputGradient, int lane, float[] sums) {
    int from0 = c * pixels * LANES + lane;
    int from1 = Math.min(c + 1, last) * pixels * LANES + lane;
    int from2 = Math.min(c + 2, last) * pixels * LANES + lane;
    int from3 = Math.min(c + 3, last) * pixels * LANES + lane;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0;
    for (int at = 0; at < pixels * LANES; at += LANES) {
      a0 = a0.add(FloatVector.fromArray(SPECIES, outputGradient, from0 + at));
      a1 = a1.add(FloatVector.fromArray(SPECIES, outputGradient, from1 + at));
      a2 = a2.add(FloatVector.fromArray(SPECIES, outputGradient, from2 + at));
      a3 = a3.add(FloatVector.fromArray(SPECIES, outputGradient, from3 + at));
    }
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(sums, lane);
    neutral.add(a1).intoArray(sums, lane + LANES);
    neutral.add(a2).intoArray(sums, lane + 2 * LANES);
    neutral.add(a3).intoArray(sums, lane + 3 * LANES);
  }
}
