package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.tensor.Lanes;

/** The output transform of {@link VectorWinograd}, with the biases. */
final class WinogradOutput {
  private static final int LANES = Lanes.COUNT;
  private static final int GROUP_SIZE = VectorWinograd.GROUP_SIZE;

  private final WinogradGeometry g;
  private final WinogradTile transforms;
  private final int size;
  private final int outputHeight;
  private final int outputWidth;

  /** The first side's result, {@code [tile, span, 4, 16]}. */
  private final float[] halfway;

  /** Outputs of a tile that reaches past the last row or column, {@code [tile, tile, 16]}. */
  private final float[] ragged;

  WinogradOutput(WinogradGeometry geometry) {
    g = geometry;
    size = g.tile();
    transforms = WinogradTile.of(size);
    outputHeight = g.outputHeight();
    outputWidth = g.outputWidth();
    halfway = new float[size * g.span() * GROUP_SIZE];
    ragged = new float[size * size * LANES];
  }

  /** Transforms all feature maps of {@code count} tiles, counted through rows and blocks. */
  void transform(
      float[] products,
      int productStep,
      int first,
      int count,
      float[] parameters,
      int biasesAt,
      float[][] output) {
    for (int f = 0; f < g.featureMaps(); f++) {
      float bias = biasesAt < 0 ? 0f : parameters[biasesAt + f];
      transforms.outputColumns(products, f * GROUP_SIZE, productStep, halfway, GROUP_SIZE);
      for (int t = 0; t < count; t++) {
        int tile = first + t;
        writeTile(t * LANES, bias, f, tile % g.tiles(), output[tile / g.tiles()]);
      }
    }
  }

  private void writeTile(int at, float bias, int f, int tile, float[] output) {
    int y = tile / g.tileColumns() * size;
    int x = tile % g.tileColumns() * size;
    int to = ((f * outputHeight + y) * outputWidth + x) * LANES;
    if (y + size <= outputHeight && x + size <= outputWidth) {
      outputRows(at, bias, output, to, outputWidth * LANES);
      return;
    }
    outputRows(at, bias, ragged, 0, size * LANES);
    int columns = Math.min(size, outputWidth - x) * LANES;
    for (int i = 0; i < Math.min(size, outputHeight - y); i++) {
      System.arraycopy(ragged, i * size * LANES, output, to + i * outputWidth * LANES, columns);
    }
  }

  private void outputRows(int at, float bias, float[] to, int toAt, int rowStep) {
    for (int lane = 0; lane < LANES; lane += VectorKernels.SPECIES.length()) {
      transforms.outputRows(halfway, at + lane, GROUP_SIZE, bias, to, toAt + lane, rowStep);
    }
  }
}
