package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Parts;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Correlation#apply} for any field, stride and dilation: the inputs that 4 pixels need are
 * packed together and multiplied with all feature maps from the first-level cache.
 *
 * <p>A register tile is 4 pixels × 6 maps: 24 accumulators, 4 inputs and a weight. Taps are taken
 * in blocks; between blocks the sums wait in memory, which does not change their chains. A tile
 * that would reach past the last column moves left, and one that would reach past the last map
 * repeats it, with the same bits.
 */
final class PackedTaps {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int TILE_PIXELS = 4;
  private static final int TILE_MAPS = 6;

  /** Floats of the inputs of a tap. */
  private static final int STEP = TILE_PIXELS * LANES;

  /** Taps whose inputs fill two thirds of a common first-level cache. */
  private static final int BLOCK_TAPS = 128;

  /** Up to so many maps, the tiles of {@link VectorCorrelation} repeat fewer. */
  private static final int FEW_MAPS = 4;

  /** From so many maps on, packing pays for fields of one pixel too. */
  private static final int MANY_MAPS = 64;

  /** From so many it does if the input has {@link #LARGE_INPUT} floats, 1 MiB, or more. */
  private static final int SOME_MAPS = 32;

  private static final int LARGE_INPUT = 1 << 18;

  private final ConvolutionGeometry g;
  private final FieldTable table;
  private final int outputHeight;
  private final int outputWidth;
  private final float[] biases; // [maps, 16]
  private final float[] sums; // [maps, 4, 16]
  private final float[] packed = new float[BLOCK_TAPS * STEP]; // [taps, 4, 16]

  private float[] parameters;
  private int weightsAt;

  /** Offset of each tap among the weights of a feature map, and which taps are packed. */
  private int[] weightTaps;

  private int firstTap;
  private int endTap;

  /** Where the chains of a tile start: the biases, or the sums of the taps before. */
  private float[] source;

  private int sourceStep;
  private int sourceMapStep;

  /** Where they go, pixels next to each other: the sums, or after the last tap the output. */
  private float[] target;

  private int targetAt;
  private int targetMapStep;

  private PackedTaps(ConvolutionGeometry geometry) {
    g = geometry;
    table = FieldTable.ofTaps(g);
    outputHeight = g.outputHeight();
    outputWidth = g.outputWidth();
    biases = new float[g.featureMaps() * LANES];
    sums = new float[g.featureMaps() * STEP];
  }

  /** The form for a geometry, or null where another one is faster. */
  static PackedTaps orNull(ConvolutionGeometry g) {
    boolean fits =
        SPECIES.length() == LANES && g.outputWidth() >= TILE_PIXELS && g.featureMaps() > FEW_MAPS;
    return fits && isFaster(g) ? new PackedTaps(g) : null;
  }

  private static boolean isFaster(ConvolutionGeometry g) {
    if (!g.stride().equals(Extent.ONE) || !g.dilation().equals(Extent.ONE)) {
      return true;
    }
    return switch (g.fieldWidth()) {
      case 1 ->
          g.featureMaps() >= MANY_MAPS
              || (g.featureMaps() >= SOME_MAPS && g.inputBlockSize() >= LARGE_INPUT);
      case 3, 5 -> false;
      default -> true;
    };
  }

  void apply(float[] input, float[] parameters, int weightsAt, int biasesAt, float[] output) {
    this.parameters = parameters;
    this.weightsAt = weightsAt;
    for (int f = 0; f < g.featureMaps(); f++) {
      float bias = biasesAt < 0 ? 0f : parameters[biasesAt + f];
      Arrays.fill(biases, f * LANES, (f + 1) * LANES, bias);
    }
    for (int y = 0; y < outputHeight; y++) {
      for (int x = 0; x < outputWidth; x += TILE_PIXELS) {
        pixels(input, y, Math.min(x, outputWidth - TILE_PIXELS), output);
      }
    }
  }

  private void pixels(float[] input, int y, int x, float[] output) {
    int[] offsets = table.inputs(y);
    weightTaps = table.weights(y);
    int corner = g.cornerOffset(y, x) * LANES;
    int blocks = Math.max(1, (offsets.length + BLOCK_TAPS - 1) / BLOCK_TAPS);
    for (int block = 0; block < blocks; block++) {
      firstTap = Parts.start(offsets.length, block, blocks);
      endTap = Parts.start(offsets.length, block + 1, blocks);
      pack(
          input,
          corner,
          offsets,
          firstTap,
          endTap - firstTap,
          g.stride().columns() * LANES,
          packed);
      boolean first = block == 0;
      source = first ? biases : sums;
      sourceStep = first ? 0 : LANES;
      sourceMapStep = first ? LANES : STEP;
      boolean last = block == blocks - 1;
      target = last ? output : sums;
      targetAt = last ? (y * outputWidth + x) * LANES : 0;
      targetMapStep = last ? outputHeight * outputWidth * LANES : STEP;
      for (int f = 0; f < g.featureMaps(); f += TILE_MAPS) {
        tile(f);
      }
    }
  }

  private static void pack(
      float[] input, int corner, int[] offsets, int from, int count, int step, float[] packed) {
    for (int t = 0; t < count; t++) {
      int at = corner + offsets[from + t];
      int to = t * STEP;
      FloatVector.fromArray(SPECIES, input, at).intoArray(packed, to);
      FloatVector.fromArray(SPECIES, input, at + step).intoArray(packed, to + LANES);
      FloatVector.fromArray(SPECIES, input, at + 2 * step).intoArray(packed, to + 2 * LANES);
      FloatVector.fromArray(SPECIES, input, at + 3 * step).intoArray(packed, to + 3 * LANES);
    }
  }

  /** Continues the chains of the pixels in 6 maps from {@code f} by the packed taps. */
  private void tile(int f) {
    int[] taps = weightTaps;
    float[] in = packed;
    float[] p = parameters;
    float[] start = source;
    int px = sourceStep;
    int from = firstTap;
    int count = endTap - firstTap;
    int f1 = Math.min(f + 1, g.featureMaps() - 1);
    int f2 = Math.min(f + 2, g.featureMaps() - 1);
    int f3 = Math.min(f + 3, g.featureMaps() - 1);
    int f4 = Math.min(f + 4, g.featureMaps() - 1);
    int f5 = Math.min(f + 5, g.featureMaps() - 1);
    int w = weightsAt + f * g.taps();
    int v = weightsAt + f1 * g.taps();
    int u = weightsAt + f2 * g.taps();
    int s = weightsAt + f3 * g.taps();
    int q = weightsAt + f4 * g.taps();
    int z = weightsAt + f5 * g.taps();
    int aAt = f * sourceMapStep;
    FloatVector a0 = FloatVector.fromArray(SPECIES, start, aAt);
    FloatVector a1 = FloatVector.fromArray(SPECIES, start, aAt + px);
    FloatVector a2 = FloatVector.fromArray(SPECIES, start, aAt + 2 * px);
    FloatVector a3 = FloatVector.fromArray(SPECIES, start, aAt + 3 * px);
    int bAt = f1 * sourceMapStep;
    FloatVector b0 = FloatVector.fromArray(SPECIES, start, bAt);
    FloatVector b1 = FloatVector.fromArray(SPECIES, start, bAt + px);
    FloatVector b2 = FloatVector.fromArray(SPECIES, start, bAt + 2 * px);
    FloatVector b3 = FloatVector.fromArray(SPECIES, start, bAt + 3 * px);
    int cAt = f2 * sourceMapStep;
    FloatVector c0 = FloatVector.fromArray(SPECIES, start, cAt);
    FloatVector c1 = FloatVector.fromArray(SPECIES, start, cAt + px);
    FloatVector c2 = FloatVector.fromArray(SPECIES, start, cAt + 2 * px);
    FloatVector c3 = FloatVector.fromArray(SPECIES, start, cAt + 3 * px);
    int dAt = f3 * sourceMapStep;
    FloatVector d0 = FloatVector.fromArray(SPECIES, start, dAt);
    FloatVector d1 = FloatVector.fromArray(SPECIES, start, dAt + px);
    FloatVector d2 = FloatVector.fromArray(SPECIES, start, dAt + 2 * px);
    FloatVector d3 = FloatVector.fromArray(SPECIES, start, dAt + 3 * px);
    int eAt = f4 * sourceMapStep;
    FloatVector e0 = FloatVector.fromArray(SPECIES, start, eAt);
    FloatVector e1 = FloatVector.fromArray(SPECIES, start, eAt + px);
    FloatVector e2 = FloatVector.fromArray(SPECIES, start, eAt + 2 * px);
    FloatVector e3 = FloatVector.fromArray(SPECIES, start, eAt + 3 * px);
    int hAt = f5 * sourceMapStep;
    FloatVector h0 = FloatVector.fromArray(SPECIES, start, hAt);
    FloatVector h1 = FloatVector.fromArray(SPECIES, start, hAt + px);
    FloatVector h2 = FloatVector.fromArray(SPECIES, start, hAt + 2 * px);
    FloatVector h3 = FloatVector.fromArray(SPECIES, start, hAt + 3 * px);
    for (int t = 0; t < count; t++) {
      int k = taps[from + t];
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, t * STEP);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, t * STEP + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, t * STEP + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, t * STEP + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, p[w + k]);
      a0 = w0.fma(x0, a0);
      a1 = w0.fma(x1, a1);
      a2 = w0.fma(x2, a2);
      a3 = w0.fma(x3, a3);
      FloatVector v0 = FloatVector.broadcast(SPECIES, p[v + k]);
      b0 = v0.fma(x0, b0);
      b1 = v0.fma(x1, b1);
      b2 = v0.fma(x2, b2);
      b3 = v0.fma(x3, b3);
      FloatVector u0 = FloatVector.broadcast(SPECIES, p[u + k]);
      c0 = u0.fma(x0, c0);
      c1 = u0.fma(x1, c1);
      c2 = u0.fma(x2, c2);
      c3 = u0.fma(x3, c3);
      FloatVector s0 = FloatVector.broadcast(SPECIES, p[s + k]);
      d0 = s0.fma(x0, d0);
      d1 = s0.fma(x1, d1);
      d2 = s0.fma(x2, d2);
      d3 = s0.fma(x3, d3);
      FloatVector q0 = FloatVector.broadcast(SPECIES, p[q + k]);
      e0 = q0.fma(x0, e0);
      e1 = q0.fma(x1, e1);
      e2 = q0.fma(x2, e2);
      e3 = q0.fma(x3, e3);
      FloatVector z0 = FloatVector.broadcast(SPECIES, p[z + k]);
      h0 = z0.fma(x0, h0);
      h1 = z0.fma(x1, h1);
      h2 = z0.fma(x2, h2);
      h3 = z0.fma(x3, h3);
    }
    float[] to = target;
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    int at = targetAt + f * targetMapStep;
    neutral.add(a0).intoArray(to, at);
    neutral.add(a1).intoArray(to, at + LANES);
    neutral.add(a2).intoArray(to, at + 2 * LANES);
    neutral.add(a3).intoArray(to, at + 3 * LANES);
    at = targetAt + f1 * targetMapStep;
    neutral.add(b0).intoArray(to, at);
    neutral.add(b1).intoArray(to, at + LANES);
    neutral.add(b2).intoArray(to, at + 2 * LANES);
    neutral.add(b3).intoArray(to, at + 3 * LANES);
    at = targetAt + f2 * targetMapStep;
    neutral.add(c0).intoArray(to, at);
    neutral.add(c1).intoArray(to, at + LANES);
    neutral.add(c2).intoArray(to, at + 2 * LANES);
    neutral.add(c3).intoArray(to, at + 3 * LANES);
    at = targetAt + f3 * targetMapStep;
    neutral.add(d0).intoArray(to, at);
    neutral.add(d1).intoArray(to, at + LANES);
    neutral.add(d2).intoArray(to, at + 2 * LANES);
    neutral.add(d3).intoArray(to, at + 3 * LANES);
    at = targetAt + f4 * targetMapStep;
    neutral.add(e0).intoArray(to, at);
    neutral.add(e1).intoArray(to, at + LANES);
    neutral.add(e2).intoArray(to, at + 2 * LANES);
    neutral.add(e3).intoArray(to, at + 3 * LANES);
    at = targetAt + f5 * targetMapStep;
    neutral.add(h0).intoArray(to, at);
    neutral.add(h1).intoArray(to, at + LANES);
    neutral.add(h2).intoArray(to, at + 2 * LANES);
    neutral.add(h3).intoArray(to, at + 3 * LANES);
  }
}
