package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Correlation} with the Vector API; {@link VectorConvolutionGradient} has the gradients.
 *
 * <p>{@link PackedTaps} or {@link RowConvolution} where they fit. Elsewhere register tiles of
 * output pixels × feature maps, 4 × 2, with one loop over single taps; 1 × 8 where the output has
 * fewer than 4 columns. A tile that would reach past the last column moves left, and one that would
 * reach past the last map repeats it: outputs computed twice get the same bits.
 */
final class VectorCorrelation implements Correlation {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;
  private static final int NARROW_PIXELS = 4;
  private static final int TILE_MAPS = 2;
  private static final int PIXEL_MAPS = 8;

  private final ConvolutionGeometry g;

  private final FieldTable table;

  private final int outputHeight;
  private final int outputWidth;

  /** Take the call over where they fit, else null. */
  private final PackedTaps packedForm;

  private final RowConvolution rowForm;

  private final VectorConvolutionGradient gradient;

  private float[] input;
  private float[] parameters;
  private int weightsAt;
  private int biasesAt;
  private float[] output;

  VectorCorrelation(ConvolutionGeometry geometry) {
    this.g = geometry;
    outputHeight = g.outputHeight();
    outputWidth = g.outputWidth();
    table = FieldTable.ofTaps(g);
    packedForm = PackedTaps.orNull(g);
    rowForm = RowConvolution.orNull(g);
    gradient = new VectorConvolutionGradient(g);
  }

  @Override
  public void apply(
      float[] input, float[] parameters, int weightsAt, int biasesAt, float[] output) {
    if (packedForm != null) {
      packedForm.apply(input, parameters, weightsAt, biasesAt, output);
      return;
    }
    if (rowForm != null) {
      rowForm.apply(input, parameters, weightsAt, biasesAt, output);
      return;
    }
    this.input = input;
    this.parameters = parameters;
    this.weightsAt = weightsAt;
    this.biasesAt = biasesAt;
    this.output = output;
    if (outputWidth < NARROW_PIXELS) {
      runByPixel();
      return;
    }
    for (int y = 0; y < outputHeight; y++) {
      for (int f = 0; f < g.featureMaps(); f += TILE_MAPS) {
        row(y, f, Math.min(f + 1, g.featureMaps() - 1));
      }
    }
  }

  @Override
  public void weightGradient(
      float[] input, float[] outputGradient, float[] parameterGradient, int weightsAt) {
    gradient.weights(input, outputGradient, parameterGradient, weightsAt);
  }

  @Override
  public void biasGradient(float[] outputGradient, float[] parameterGradient, int biasesAt) {
    gradient.biases(outputGradient, parameterGradient, biasesAt);
  }

  private void runByPixel() {
    for (int y = 0; y < outputHeight; y++) {
      for (int x = 0; x < outputWidth; x++) {
        for (int f = 0; f < g.featureMaps(); f += PIXEL_MAPS) {
          for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
            pixel(y, x, f, lane);
          }
        }
      }
    }
  }

  /** One output row of the feature maps {@code f} and {@code h}, which may be the same. */
  private void row(int y, int f, int h) {
    for (int x = 0; x < outputWidth; x += NARROW_PIXELS) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        singleTaps(y, Math.min(x, outputWidth - NARROW_PIXELS), f, h, lane);
      }
    }
  }

  private float bias(int f) {
    return biasesAt < 0 ? 0f : parameters[biasesAt + f];
  }

  /** 4 pixels from {@code (y, x)} of the maps {@code f} and {@code h}; any field and stride. */
  private void singleTaps(int y, int x, int f, int h, int lane) {
    int[] offsets = table.inputs(y);
    int[] taps = table.weights(y);
    float[] in = input;
    float[] p = parameters;
    int s = g.stride().columns() * LANES;
    int from0 = g.cornerOffset(y, x) * LANES + lane;
    int from1 = from0 + s;
    int from2 = from1 + s;
    int from3 = from2 + s;
    int w = weightsAt + f * g.taps();
    int v = weightsAt + h * g.taps();
    FloatVector b = FloatVector.broadcast(SPECIES, bias(f));
    FloatVector c = FloatVector.broadcast(SPECIES, bias(h));
    FloatVector b0 = b, b1 = b, b2 = b, b3 = b;
    FloatVector c0 = c, c1 = c, c2 = c, c3 = c;
    for (int t = 0; t < offsets.length; t++) {
      int at = offsets[t];
      int k = taps[t];
      FloatVector w0 = FloatVector.broadcast(SPECIES, p[w + k]);
      FloatVector v0 = FloatVector.broadcast(SPECIES, p[v + k]);
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, at + from0);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, at + from1);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, at + from2);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, at + from3);
      b0 = w0.fma(x0, b0);
      b1 = w0.fma(x1, b1);
      b2 = w0.fma(x2, b2);
      b3 = w0.fma(x3, b3);
      c0 = v0.fma(x0, c0);
      c1 = v0.fma(x1, c1);
      c2 = v0.fma(x2, c2);
      c3 = v0.fma(x3, c3);
    }
    int to = ((f * outputHeight + y) * outputWidth + x) * LANES + lane;
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(b0).intoArray(output, to);
    neutral.add(b1).intoArray(output, to + LANES);
    neutral.add(b2).intoArray(output, to + 2 * LANES);
    neutral.add(b3).intoArray(output, to + 3 * LANES);
    to = ((h * outputHeight + y) * outputWidth + x) * LANES + lane;
    neutral.add(c0).intoArray(output, to);
    neutral.add(c1).intoArray(output, to + LANES);
    neutral.add(c2).intoArray(output, to + 2 * LANES);
    neutral.add(c3).intoArray(output, to + 3 * LANES);
  }

  /** One pixel of 8 maps from {@code f}; any field and stride. */
  private void pixel(int y, int x, int f, int lane) {
    int[] offsets = table.inputs(y);
    int[] taps = table.weights(y);
    float[] p = parameters;
    int from = g.cornerOffset(y, x) * LANES + lane;
    int f0 = f;
    int f1 = Math.min(f + 1, g.featureMaps() - 1);
    int f2 = Math.min(f + 2, g.featureMaps() - 1);
    int f3 = Math.min(f + 3, g.featureMaps() - 1);
    int f4 = Math.min(f + 4, g.featureMaps() - 1);
    int f5 = Math.min(f + 5, g.featureMaps() - 1);
    int f6 = Math.min(f + 6, g.featureMaps() - 1);
    int f7 = Math.min(f + 7, g.featureMaps() - 1);
    int w0 = weightsAt + f0 * g.taps();
    int w1 = weightsAt + f1 * g.taps();
    int w2 = weightsAt + f2 * g.taps();
    int w3 = weightsAt + f3 * g.taps();
    int w4 = weightsAt + f4 * g.taps();
    int w5 = weightsAt + f5 * g.taps();
    int w6 = weightsAt + f6 * g.taps();
    int w7 = weightsAt + f7 * g.taps();
    FloatVector a0 = FloatVector.broadcast(SPECIES, bias(f0));
    FloatVector a1 = FloatVector.broadcast(SPECIES, bias(f1));
    FloatVector a2 = FloatVector.broadcast(SPECIES, bias(f2));
    FloatVector a3 = FloatVector.broadcast(SPECIES, bias(f3));
    FloatVector a4 = FloatVector.broadcast(SPECIES, bias(f4));
    FloatVector a5 = FloatVector.broadcast(SPECIES, bias(f5));
    FloatVector a6 = FloatVector.broadcast(SPECIES, bias(f6));
    FloatVector a7 = FloatVector.broadcast(SPECIES, bias(f7));
    for (int tap = 0; tap < offsets.length; tap++) {
      FloatVector v = FloatVector.fromArray(SPECIES, input, from + offsets[tap]);
      int k = taps[tap];
      a0 = v.fma(FloatVector.broadcast(SPECIES, p[w0 + k]), a0);
      a1 = v.fma(FloatVector.broadcast(SPECIES, p[w1 + k]), a1);
      a2 = v.fma(FloatVector.broadcast(SPECIES, p[w2 + k]), a2);
      a3 = v.fma(FloatVector.broadcast(SPECIES, p[w3 + k]), a3);
      a4 = v.fma(FloatVector.broadcast(SPECIES, p[w4 + k]), a4);
      a5 = v.fma(FloatVector.broadcast(SPECIES, p[w5 + k]), a5);
      a6 = v.fma(FloatVector.broadcast(SPECIES, p[w6 + k]), a6);
      a7 = v.fma(FloatVector.broadcast(SPECIES, p[w7 + k]), a7);
    }
    int to = (y * outputWidth + x) * LANES + lane;
    int mapSize = outputHeight * outputWidth * LANES;
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(output, to + f0 * mapSize);
    neutral.add(a1).intoArray(output, to + f1 * mapSize);
    neutral.add(a2).intoArray(output, to + f2 * mapSize);
    neutral.add(a3).intoArray(output, to + f3 * mapSize);
    neutral.add(a4).intoArray(output, to + f4 * mapSize);
    neutral.add(a5).intoArray(output, to + f5 * mapSize);
    neutral.add(a6).intoArray(output, to + f6 * mapSize);
    neutral.add(a7).intoArray(output, to + f7 * mapSize);
  }
}
