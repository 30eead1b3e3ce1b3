package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.kernel.Fma;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.tensor.Targets;

/**
 * Mixes each image with the next one of its block, and its class with the next one's.
 *
 * <ul>
 *   <li>By mixup (Zhang et al. 2018, "mixup: beyond empirical risk minimization"): {@code s · image
 *       + (1 - s) · next} with s of Beta(α, α), its larger side, so that the image's own class
 *       stays the first.
 *   <li>By CutMix (Yun et al. 2019): a rectangle of the next image, of the share {@code 1 - s} of
 *       the area and cut off at the edges, lies on the image. Its middle is anywhere. The first
 *       class is the one with more of the area.
 * </ul>
 *
 * <p>Where both are asked for, one of them is drawn for each image. The order of an epoch is
 * random, so the next image of a block is a random one.
 *
 * @param mixup α of mixup; 0 for none
 * @param cutmix α of CutMix; 0 for none
 */
record Mixing(double mixup, double cutmix, Shape shape) {

  void apply(LaneBlock block, Workspace work) {
    Targets targets = block.targets();
    int images = block.images();
    float[] shares = targets.shares();
    System.arraycopy(targets.classes(), 0, work.classes, 0, images);
    for (int lane = 0; lane < images; lane++) {
      targets.others()[lane] = work.classes[next(lane, images)];
      shares[lane] =
          cuts(work.draws[lane]) ? 1f : (float) share(work.draws[lane], ImageDraws.MIXUP, mixup);
    }
    if (mixup > 0) {
      mix(block, shares, images);
    } else {
      copy(block);
    }
    for (int lane = 0; lane < images; lane++) {
      if (cuts(work.draws[lane])) {
        cut(block, lane, work);
      }
    }
    block.swap();
  }

  private boolean cuts(ImageDraws draws) {
    return cutmix > 0 && (mixup == 0 || draws.uniform(ImageDraws.CUT_OR_MIX) < 0.5);
  }

  private static int next(int lane, int images) {
    return lane + 1 < images ? lane + 1 : 0;
  }

  private static void copy(LaneBlock block) {
    System.arraycopy(block.pixels(), 0, block.spare(), 0, block.pixels().length);
  }

  private static void mix(LaneBlock block, float[] shares, int images) {
    float[] from = block.pixels();
    float[] to = block.spare();
    for (int at = 0; at < from.length; at += Lanes.COUNT) {
      for (int lane = 0; lane < images; lane++) {
        float other = from[at + next(lane, images)];
        to[at + lane] = Fma.of(shares[lane], from[at + lane] - other, other);
      }
      for (int lane = images; lane < Lanes.COUNT; lane++) {
        to[at + lane] = 0f;
      }
    }
  }

  private void cut(LaneBlock block, int lane, Workspace work) {
    int height = shape.height();
    int width = shape.width();
    ImageDraws draws = work.draws[lane];
    double half = Math.sqrt(1 - beta(draws, ImageDraws.CUTMIX, cutmix)) / 2;
    int row = (int) (draws.uniform(ImageDraws.CUTMIX_ROW) * height);
    int column = (int) (draws.uniform(ImageDraws.CUTMIX_COLUMN) * width);
    int rows = (int) (height * half);
    int columns = (int) (width * half);
    int top = Math.max(0, row - rows);
    int bottom = Math.min(height, row + rows);
    int left = Math.max(0, column - columns);
    int right = Math.min(width, column + columns);
    paste(block, lane, top, bottom, left, right);
    double own = 1 - (double) (bottom - top) * (right - left) / (height * width);
    Targets targets = block.targets();
    if (own < 0.5) {
      targets.classes()[lane] = targets.others()[lane];
      targets.others()[lane] = work.classes[lane];
    }
    targets.shares()[lane] = (float) Math.max(own, 1 - own);
  }

  private void paste(LaneBlock block, int lane, int top, int bottom, int left, int right) {
    int next = next(lane, block.images());
    float[] from = block.pixels();
    float[] to = block.spare();
    int at = 0;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        boolean crosses = y >= top && y < bottom;
        for (int x = 0; x < shape.width(); x++, at += Lanes.COUNT) {
          boolean other = crosses && x >= left && x < right;
          to[at + lane] = from[at + (other ? next : lane)];
        }
      }
    }
  }

  private static double share(ImageDraws draws, int name, double alpha) {
    double share = beta(draws, name, alpha);
    return Math.max(share, 1 - share);
  }

  /**
   * Beta(α, α) for α up to 1 by the rejection of Jöhnk 1964; accepts at least half of the pairs.
   * {@code StrictMath.pow} allocates 96 bytes on JDK 17 and 25 unless its exponent is 1 or 2.
   */
  private static double beta(ImageDraws draws, int name, double alpha) {
    double first;
    double second;
    int index = 0;
    do {
      first = StrictMath.pow(draws.uniformOpen(name, index++), 1 / alpha);
      second = StrictMath.pow(draws.uniformOpen(name, index++), 1 / alpha);
    } while (first + second > 1 || first + second == 0);
    return first / (first + second);
  }
}
