package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import java.util.Comparator;
import java.util.stream.Stream;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Correlation#apply} in row form: vectors of 16 lanes, stride 1, one loop over the rows of
 * the field with their taps unrolled, so that an input vector is loaded once for all taps and maps
 * that meet it. Loads are the limit: the data of a Java array starts 16 bytes past an address that
 * is a multiple of 8, so most vectors cross a cache line, and such a load takes about 2 cycles, as
 * long as 4 multiply-adds.
 *
 * <p>A subclass is one register tile of pixels × feature maps. A tile that would reach past the
 * last column moves left, and one that would reach past the last map repeats it: outputs computed
 * twice get the same bits.
 */
abstract class RowConvolution {
  static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  static final int LANES = Lanes.COUNT;

  final ConvolutionGeometry g;
  final int outputHeight;
  final int outputWidth;

  private final FieldTable table;

  /** Offset in the input of each row of the field, by channels, from the field's corner. */
  int[] rowOffsets;

  /** Offset of each of these rows among the weights of a feature map. */
  int[] weightRows;

  float[] input;
  float[] parameters;
  int weightsAt;
  int biasesAt;
  float[] output;

  private final int tilePixels;
  private final int tileMaps;

  RowConvolution(ConvolutionGeometry geometry, int tilePixels, int tileMaps) {
    g = geometry;
    this.tilePixels = tilePixels;
    this.tileMaps = tileMaps;
    outputHeight = g.outputHeight();
    outputWidth = g.outputWidth();
    table = FieldTable.ofRows(g);
  }

  /** The row form that computes the fewest outputs twice, or null where none fits. */
  static RowConvolution orNull(ConvolutionGeometry g) {
    if (SPECIES.length() != LANES
        || !g.stride().equals(Extent.ONE)
        || !g.dilation().equals(Extent.ONE)) {
      return null;
    }
    Stream<RowConvolution> tiles =
        switch (g.fieldWidth()) {
          case 1 -> Stream.of(new OneColumn(g));
          case 3 ->
              g.featureMaps() == 1
                  ? Stream.of(new ThreeColumnsOneMap(g), new ThreeColumns(g))
                  : Stream.of(new ThreeColumns(g));
          case 5 -> Stream.of(new FiveColumns(g), new FiveColumnsThreeMaps(g));
          default -> Stream.of();
        };
    return tiles
        .filter(tile -> tile.tilePixels <= tile.outputWidth)
        .min(Comparator.comparingInt(RowConvolution::rowOutputs))
        .orElse(null);
  }

  /** Outputs of one row in all maps, repeated ones included. */
  private int rowOutputs() {
    int columns = (outputWidth + tilePixels - 1) / tilePixels * tilePixels;
    int maps = (g.featureMaps() + tileMaps - 1) / tileMaps * tileMaps;
    return columns * maps;
  }

  final void apply(float[] input, float[] parameters, int weightsAt, int biasesAt, float[] output) {
    this.input = input;
    this.parameters = parameters;
    this.weightsAt = weightsAt;
    this.biasesAt = biasesAt;
    this.output = output;
    for (int y = 0; y < outputHeight; y++) {
      rowOffsets = table.inputs(y);
      weightRows = table.weights(y);
      for (int f = 0; f < g.featureMaps(); f += tileMaps) {
        for (int x = 0; x < outputWidth; x += tilePixels) {
          tile(y, Math.min(x, outputWidth - tilePixels), f);
        }
      }
    }
  }

  /** The outputs of the tile's pixels from {@code (y, x)}, in its maps from {@code f}. */
  abstract void tile(int y, int x, int f);

  final int inputOffset(int y, int x) {
    return (y * g.width() + x) * LANES;
  }

  final int outputOffset(int f, int y, int x) {
    return ((f * outputHeight + y) * outputWidth + x) * LANES;
  }

  final int weightOffset(int f) {
    return weightsAt + f * g.taps();
  }

  final float bias(int f) {
    return biasesAt < 0 ? 0f : parameters[biasesAt + f];
  }
}
