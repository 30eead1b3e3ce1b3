package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.kernel.Fma;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Puts a random rectangle of each image in the place of the whole, as torchvision's {@code
 * RandomResizedCrop} (Szegedy et al. 2015, section 6): an area drawn evenly, an aspect ratio drawn
 * evenly in its logarithm, and a place; if ten such rectangles do not fit, the largest in the
 * middle with an aspect ratio of the range. Pixels between are interpolated linearly.
 */
final class ResizedCrop {
  private static final int LANES = Lanes.COUNT;
  private static final int ATTEMPTS = 10;

  private final Crop crop;
  private final int channels;
  private final int height;
  private final int width;

  ResizedCrop(Crop crop, Shape shape) {
    this.crop = crop;
    channels = shape.channels();
    height = shape.height();
    width = shape.width();
  }

  void apply(LaneBlock block, Workspace work) {
    if (block.images() < LANES) {
      Arrays.fill(block.spare(), 0f); // unused lanes hold zeros
    }
    for (int lane = 0; lane < block.images(); lane++) {
      draw(block, lane, work);
    }
    block.swap();
  }

  private void draw(LaneBlock block, int lane, Workspace work) {
    ImageDraws draws = work.draws[lane];
    double least = StrictMath.log(crop.leastAspect());
    double most = StrictMath.log(crop.mostAspect());
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double share = draws.uniform(ImageDraws.CROP_AREA, attempt);
      double part = crop.leastArea() + share * (crop.mostArea() - crop.leastArea());
      double area = part * height * width;
      double place = draws.uniform(ImageDraws.CROP_ASPECT, attempt);
      double aspect = StrictMath.exp(least + place * (most - least));
      int columns = (int) Math.rint(Math.sqrt(area * aspect));
      int rows = (int) Math.rint(Math.sqrt(area / aspect));
      if (columns > 0 && columns <= width && rows > 0 && rows <= height) {
        int top = (int) (draws.uniform(ImageDraws.CROP_ROW) * (height - rows + 1));
        int left = (int) (draws.uniform(ImageDraws.CROP_COLUMN) * (width - columns + 1));
        resize(block.pixels(), block.spare(), lane, top, left, rows, columns, work);
        return;
      }
    }
    double aspect = (double) width / height;
    int columns = aspect > crop.mostAspect() ? (int) Math.rint(height * crop.mostAspect()) : width;
    int rows = aspect < crop.leastAspect() ? (int) Math.rint(width / crop.leastAspect()) : height;
    int top = (height - rows) / 2;
    int left = (width - columns) / 2;
    resize(block.pixels(), block.spare(), lane, top, left, rows, columns, work);
  }

  /** Resizes {@code rows × columns} pixels of a lane to the size of the image. */
  void resize(
      float[] from,
      float[] to,
      int lane,
      int top,
      int left,
      int rows,
      int columns,
      Workspace work) {
    double columnScale = (double) columns / width;
    for (int x = 0; x < width; x++) {
      double column = between((x + 0.5) * columnScale - 0.5, columns);
      work.columns[x] = (int) column;
      work.shares[x] = (float) (column - (int) column);
    }
    double rowScale = (double) rows / height;
    for (int y = 0; y < height; y++) {
      double row = between((y + 0.5) * rowScale - 0.5, rows);
      int above = (int) row;
      int below = Math.min(above + 1, rows - 1);
      float down = (float) (row - above);
      for (int c = 0; c < channels; c++) {
        int plane = c * height;
        int first = ((plane + top + above) * width + left) * LANES + lane;
        int second = ((plane + top + below) * width + left) * LANES + lane;
        row(from, first, second, down, to, (plane + y) * width * LANES + lane, columns, work);
      }
    }
  }

  private static double between(double place, int length) {
    return Math.max(0, Math.min(place, length - 1.0));
  }

  private void row(
      float[] from,
      int above,
      int below,
      float down,
      float[] to,
      int out,
      int columns,
      Workspace work) {
    for (int x = 0; x < width; x++) {
      int left = work.columns[x];
      int right = Math.min(left + 1, columns - 1) * LANES;
      float share = work.shares[x];
      left *= LANES;
      float upper = mix(from[above + left], from[above + right], share);
      float lower = mix(from[below + left], from[below + right], share);
      to[out + x * LANES] = mix(upper, lower, down);
    }
  }

  private static float mix(float first, float second, float share) {
    return Fma.of(share, second - first, first);
  }
}
