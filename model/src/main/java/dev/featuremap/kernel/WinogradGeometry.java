package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Locale;

/**
 * The sizes of one 3 × 3 convolution of stride 1, over an input that is not padded, cut into square
 * tiles of the output.
 *
 * @param channels input feature maps
 * @param height input rows, without padding
 * @param width input columns, without padding
 * @param featureMaps output feature maps
 * @param rowPadding rows of zeros above and below the input, 0 to 2
 * @param columnPadding columns of zeros left and right of the input, 0 to 2
 * @param tile rows and columns of an output tile: 2 or 4
 */
public record WinogradGeometry(
    int channels,
    int height,
    int width,
    int featureMaps,
    int rowPadding,
    int columnPadding,
    int tile) {
  /** Rows and columns of the field. */
  public static final int FIELD = 3;

  /** Feature maps whose transformed weights lie together. */
  public static final int PANEL = 6;

  /** Checks that an output is left and that the tile is one of the two. */
  public WinogradGeometry {
    if (tile != 2 && tile != 4) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot cut a convolution into tiles: tile must be 2 or 4, got %d.",
              tile));
    }
    if (Math.min(rowPadding, columnPadding) < 0 || Math.max(rowPadding, columnPadding) > 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot cut a convolution into tiles: padding must be 0 to 2, got %d and %d.",
              rowPadding,
              columnPadding));
    }
    int rows = height + 2 * rowPadding;
    int columns = width + 2 * columnPadding;
    if (rows < FIELD || columns < FIELD) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot cut a convolution into tiles: the padded input must hold a 3 x 3 field,"
                  + " got %d x %d.",
              rows,
              columns));
    }
  }

  /**
   * The convolution that gives the input gradient of this one: channels and maps exchanged, padding
   * {@code 2 - p}; its weights are this one's, {@code turned}.
   */
  public WinogradGeometry inputGradient() {
    return new WinogradGeometry(
        /* channels= */ featureMaps,
        outputHeight(),
        outputWidth(),
        /* featureMaps= */ channels,
        FIELD - 1 - rowPadding,
        FIELD - 1 - columnPadding,
        tile);
  }

  /** Output rows: {@code height + 2 · rowPadding - 2}. */
  public int outputHeight() {
    return height + 2 * rowPadding - FIELD + 1;
  }

  /** Output columns: {@code width + 2 · columnPadding - 2}. */
  public int outputWidth() {
    return width + 2 * columnPadding - FIELD + 1;
  }

  /** Rows of tiles; the last may reach past the output. */
  public int tileRows() {
    return (outputHeight() + tile - 1) / tile;
  }

  /** Columns of tiles; the last may reach past the output. */
  public int tileColumns() {
    return (outputWidth() + tile - 1) / tile;
  }

  /** Tiles of one image. */
  public int tiles() {
    return tileRows() * tileColumns();
  }

  /** Rows and columns of input a tile needs: {@code tile + 2}. */
  public int span() {
    return tile + FIELD - 1;
  }

  /** Points of the transforms, {@code span²}: the multiplications of one tile and channel. */
  public int points() {
    return span() * span();
  }

  /** Groups of {@value #PANEL} feature maps; the last may be filled up with zeros. */
  public int panels() {
    return (featureMaps + PANEL - 1) / PANEL;
  }

  /** Floats of the transformed weights, {@code [points, panels, channels, 6]}. */
  public int transformedSize() {
    return points() * panels() * channels * PANEL;
  }

  /** Floats of an input block. */
  public int inputBlockSize() {
    return channels * height * width * Lanes.COUNT;
  }

  /** Floats of an output block. */
  public int outputBlockSize() {
    return featureMaps * outputHeight() * outputWidth() * Lanes.COUNT;
  }
}
