package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;

/**
 * Erases a rectangle of some images (Zhong et al. 2017, "Random erasing data augmentation"): 2 to
 * 33 % of the image, its height 0.3 to 3.3 times its width, filled with the zero that normalization
 * makes of the mean colour.
 */
final class Erasing {
  private static final double LEAST_AREA = 0.02;
  private static final double MOST_AREA = 0.33;
  private static final double LEAST_ASPECT = 0.3;

  private final double share;
  private final int channels;
  private final int height;
  private final int width;

  Erasing(double share, Shape shape) {
    this.share = share;
    channels = shape.channels();
    height = shape.height();
    width = shape.width();
  }

  void apply(LaneBlock block, Workspace work) {
    for (int lane = 0; lane < block.images(); lane++) {
      if (work.draws[lane].uniform(ImageDraws.ERASE) < share) {
        erase(block.pixels(), work.draws[lane], lane);
      }
    }
  }

  private void erase(float[] pixels, ImageDraws draws, int lane) {
    double areaShare = LEAST_AREA + draws.uniform(ImageDraws.ERASE_AREA) * (MOST_AREA - LEAST_AREA);
    double area = areaShare * height * width;
    // Even in the logarithm, so that tall and wide are as frequent.
    double aspect =
        StrictMath.exp(draws.around(ImageDraws.ERASE_ASPECT, -StrictMath.log(LEAST_ASPECT)));
    int rows = side(Math.sqrt(area * aspect), height);
    int columns = side(Math.sqrt(area / aspect), width);
    int top = (int) (draws.uniform(ImageDraws.ERASE_ROW) * (height - rows + 1));
    int left = (int) (draws.uniform(ImageDraws.ERASE_COLUMN) * (width - columns + 1));
    for (int c = 0; c < channels; c++) {
      for (int y = top; y < top + rows; y++) {
        for (int x = left; x < left + columns; x++) {
          pixels[((c * height + y) * width + x) * Lanes.COUNT + lane] = 0f;
        }
      }
    }
  }

  private static int side(double length, int most) {
    return (int) Math.max(1, Math.min(most, Math.rint(length)));
  }
}
