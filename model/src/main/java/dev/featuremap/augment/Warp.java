package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Normalization;
import dev.featuremap.kernel.Fma;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Moves the pixels of each image: mirrored, shifted, turned and scaled around its centre, and
 * distorted. What lies outside of the image is black.
 *
 * <p>Mirrored and shifted pixels are copied. Otherwise the output pixel at {@code (y, x)}, counted
 * from the centre, is read between the four input pixels around
 *
 * <pre>
 *   row    = (cos φ · y - sin φ · x) / s - rows    + elastic rows (y, x)
 *   column = (sin φ · y + cos φ · x) / s - columns + elastic columns (y, x)
 * </pre>
 *
 * <p>with φ the angle, s the scale, rows and columns the shift; x or y changes its sign first in a
 * mirrored image.
 */
final class Warp {
  private static final int LANES = Lanes.COUNT;

  private final Augmentation augmentation;
  private final int channels;
  private final int height;
  private final int width;
  private final float[] black;

  Warp(Augmentation augmentation, Shape shape, Normalization normalization) {
    this.augmentation = augmentation;
    channels = shape.channels();
    height = shape.height();
    width = shape.width();
    black = new float[channels];
    for (int c = 0; c < channels; c++) {
      black[c] = normalization.black(c);
    }
  }

  void apply(LaneBlock block, Workspace work) {
    float[] from = block.pixels();
    float[] to = block.spare();
    if (block.images() < LANES) {
      Arrays.fill(to, 0f); // unused lanes hold zeros
    }
    for (int lane = 0; lane < block.images(); lane++) {
      if (augmentation.interpolates()) {
        work.field.draw(work.draws[lane]);
        interpolate(work.draws[lane], work.field, from, to, lane);
      } else {
        copy(work.draws[lane], from, to, lane);
      }
    }
    block.swap();
  }

  private boolean stands(ImageDraws draws) {
    return !augmentation.flipVertical() || draws.uniform(ImageDraws.FLIP_VERTICAL) >= 0.5;
  }

  private boolean mirrors(ImageDraws draws) {
    return augmentation.flip() && draws.uniform(ImageDraws.FLIP) < 0.5;
  }

  private void copy(ImageDraws draws, float[] from, float[] to, int lane) {
    boolean mirrored = mirrors(draws);
    boolean stands = stands(draws);
    int rows = draws.integerAround(ImageDraws.SHIFT_ROWS, augmentation.shift());
    int columns = draws.integerAround(ImageDraws.SHIFT_COLUMNS, augmentation.shift());
    int at = lane;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        int row = (stands ? y : height - 1 - y) - rows;
        for (int x = 0; x < width; x++, at += LANES) {
          int column = (mirrored ? width - 1 - x : x) - columns;
          to[at] = pixel(from, c, row, column, lane);
        }
      }
    }
  }

  private float pixel(float[] from, int c, int row, int column, int lane) {
    return row >= 0 && row < height && column >= 0 && column < width
        ? from[((c * height + row) * width + column) * LANES + lane]
        : black[c];
  }

  private void interpolate(
      ImageDraws draws, ElasticField field, float[] from, float[] to, int lane) {
    double angle = StrictMath.toRadians(draws.around(ImageDraws.ROTATE, augmentation.rotate()));
    double scale = 1 + draws.around(ImageDraws.SCALE, augmentation.scale());
    double cos = StrictMath.cos(angle) / scale;
    double sin = StrictMath.sin(angle) / scale;
    double side = mirrors(draws) ? -1 : 1;
    double end = stands(draws) ? 1 : -1;
    double middleRow = (height - 1) / 2.0;
    double middleColumn = (width - 1) / 2.0;
    double fromRow = middleRow - draws.integerAround(ImageDraws.SHIFT_ROWS, augmentation.shift());
    double fromColumn =
        middleColumn - draws.integerAround(ImageDraws.SHIFT_COLUMNS, augmentation.shift());
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double down = end * (y - middleRow);
        double right = side * (x - middleColumn);
        double row = fromRow + cos * down - sin * right + field.rows(y, x);
        double column = fromColumn + sin * down + cos * right + field.columns(y, x);
        for (int c = 0; c < channels; c++) {
          to[((c * height + y) * width + x) * LANES + lane] = between(from, c, row, column, lane);
        }
      }
    }
  }

  private float between(float[] from, int c, double row, double column, int lane) {
    int top = (int) Math.floor(row);
    int left = (int) Math.floor(column);
    float down = (float) (row - top);
    float right = (float) (column - left);
    float above = mix(pixel(from, c, top, left, lane), pixel(from, c, top, left + 1, lane), right);
    float below =
        mix(pixel(from, c, top + 1, left, lane), pixel(from, c, top + 1, left + 1, lane), right);
    return mix(above, below, down);
  }

  private static float mix(float first, float second, float share) {
    return Fma.of(share, second - first, first);
  }
}
