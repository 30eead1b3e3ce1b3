package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Correlation#weightGradient} in row form: vectors of 16 lanes, stride 1, several pixels of
 * an output row at a time, so that neighbouring taps share their input vectors.
 *
 * <p>A subclass is one register tile of feature maps × the taps of a row of the field. Output rows
 * are visited in blocks whose output gradients stay in the first-level cache for all field rows of
 * a pass; between blocks the sums wait in memory, which does not change their chains. A tile that
 * would reach past the last map repeats it, with the same bits.
 */
abstract class RowGradient {
  static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  static final int LANES = Lanes.COUNT;

  /** Neighbouring pixels of an output row that a tile takes together. */
  static final int PIXELS = 2;

  /** One factor, so that the compiler drops the bounds checks of the output gradient. */
  static final int STEP = PIXELS * LANES;

  /** Bytes of output gradients in a block: half of a common first-level cache. */
  private static final int BLOCK_BYTES = 24 << 10;

  /** Channels of a pass are chosen to have about this many rows of the field. */
  private static final int PASS_ROWS = 6;

  /** Lane sums of all weights of a pass, {@code [map, row, column, 16]}. */
  final float[] sums;

  /** Offset in the input of each step of {@code PIXELS} pixels, by output rows. */
  final int[] stepOffsets;

  float[] input;
  float[] outputGradient;

  /** Floats between the sums of two maps. */
  int mapStride;

  private final ConvolutionGeometry g;
  private final int tileMaps;
  private final int passRows;
  private final int stepsPerBlock;
  private final float[] totals;

  private int firstRow;

  RowGradient(ConvolutionGeometry geometry, int tileMaps) {
    g = geometry;
    this.tileMaps = tileMaps;
    int steps = g.outputWidth() / PIXELS;
    stepOffsets = new int[g.outputHeight() * steps];
    for (int step = 0; step < stepOffsets.length; step++) {
      stepOffsets[step] = (step / steps * g.width() + step % steps * PIXELS) * LANES;
    }
    int rowBytes = tileMaps * g.outputWidth() * LANES * Float.BYTES;
    stepsPerBlock = Math.max(1, BLOCK_BYTES / rowBytes) * steps;
    int passChannels = Math.max(1, Math.min(g.channels(), PASS_ROWS / g.fieldHeight()));
    passRows = passChannels * g.fieldHeight();
    int weights = tileMaps * passRows * g.fieldWidth() + LANES;
    sums = new float[weights * LANES];
    totals = new float[weights];
  }

  /** The row form for a geometry, or null where none fits. */
  static RowGradient orNull(ConvolutionGeometry g) {
    if (SPECIES.length() != LANES
        || !g.stride().equals(Extent.ONE)
        || !g.dilation().equals(Extent.ONE)
        || g.outputWidth() % PIXELS != 0) {
      return null;
    }
    return switch (g.fieldWidth()) {
      case 3 -> new ThreeTapGradient(g);
      case 5 ->
          tiledMaps(g, 3) < tiledMaps(g, 4)
              ? new FiveTapGradientThreeMaps(g)
              : new FiveTapGradient(g);
      default -> null;
    };
  }

  /** Maps that tiles compute, repeated ones included. */
  private static int tiledMaps(ConvolutionGeometry g, int tileMaps) {
    return (g.featureMaps() + tileMaps - 1) / tileMaps * tileMaps;
  }

  final void apply(
      float[] input, float[] outputGradient, float[] parameterGradient, int weightsAt) {
    this.input = input;
    this.outputGradient = outputGradient;
    int rows = g.channels() * g.fieldHeight();
    for (int f = 0; f < g.featureMaps(); f += tileMaps) {
      for (int row = 0; row < rows; row += passRows) {
        pass(f, row, Math.min(passRows, rows - row));
        add(f, parameterGradient, weightsAt + f * g.taps() + row * g.fieldWidth());
      }
    }
  }

  private void pass(int f, int row, int rows) {
    firstRow = row;
    mapStride = rows * g.fieldWidth() * LANES;
    Arrays.fill(sums, 0, tileMaps * mapStride, 0f);
    for (int from = 0; from < stepOffsets.length; from += stepsPerBlock) {
      int to = Math.min(stepOffsets.length, from + stepsPerBlock);
      for (int r = row; r < row + rows; r++) {
        tile(f, r, from, to);
      }
    }
  }

  /** Adds the lane sums of a pass to the gradient of its weights, from {@code w} on. */
  private void add(int f, float[] parameterGradient, int w) {
    int weights = mapStride / LANES;
    int maps = Math.min(tileMaps, g.featureMaps() - f);
    LaneSums.apply(sums, maps * weights, totals);
    for (int m = 0; m < maps; m++) {
      int at = w + m * g.taps();
      for (int k = 0; k < weights; k++) {
        parameterGradient[at + k] += totals[m * weights + k];
      }
    }
  }

  /**
   * Continues the sums of the tile's maps from {@code f} and the field's row {@code row} with the
   * steps {@code from} to {@code to}.
   */
  abstract void tile(int f, int row, int from, int to);

  /** Offset in the output gradient of map {@code f}, or of the last one. */
  final int gradientOffset(int f) {
    int pixels = g.outputHeight() * g.outputWidth();
    return Math.min(f, g.featureMaps() - 1) * pixels * LANES;
  }

  /** Offset in the input of a row of the field. */
  final int inputOffset(int row) {
    int c = row / g.fieldHeight();
    return (c * g.height() + row % g.fieldHeight()) * g.width() * LANES;
  }

  /** Offset in the sums of a row of the field. */
  final int sumsOffset(int row) {
    return (row - firstRow) * g.fieldWidth() * LANES;
  }
}
