package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.kernel.Fma;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.List;

/**
 * Blurs some images by a Gaussian, whose deviation is drawn evenly (as in SimCLR, Chen et al. 2020,
 * appendix A). The kernel ends {@code ⌈3σ⌉} pixels from its middle, and what it reaches beyond the
 * edge is mirrored at the edge's pixels, as torchvision does it.
 */
final class Blurring {
  private static final int LANES = Lanes.COUNT;

  private final Rule rule;
  private final int channels;
  private final int height;
  private final int width;

  /**
   * Which images are blurred, and how much.
   *
   * @param share of the images, 0 to 1
   * @param leastDeviation smallest σ, in pixels
   * @param mostDeviation largest σ
   */
  record Rule(double share, double leastDeviation, double mostDeviation) {
    static final Rule NONE = new Rule(0, 0, 0);

    /** Reads {@code blur} and {@code blur-deviation}. */
    static Rule read(Options options) {
      double share = Augmentation.upTo(options, "blur", 1);
      List<Double> deviation = options.range("blur-deviation", 0.01, 16);
      return share == 0 ? NONE : new Rule(share, deviation.get(0), deviation.get(1));
    }
  }

  Blurring(Rule rule, Shape shape) {
    this.rule = rule;
    channels = shape.channels();
    height = shape.height();
    width = shape.width();
  }

  void apply(LaneBlock block, Workspace work) {
    for (int lane = 0; lane < block.images(); lane++) {
      ImageDraws draws = work.draws[lane];
      if (draws.uniform(ImageDraws.BLUR) < rule.share) {
        double share = draws.uniform(ImageDraws.BLUR_DEVIATION);
        double deviation = rule.leastDeviation + share * (rule.mostDeviation - rule.leastDeviation);
        blur(block.pixels(), lane, deviation, work);
      }
    }
  }

  /** Blurs the image of a lane. */
  void blur(float[] pixels, int lane, double deviation, Workspace work) {
    int radius = (int) Math.min(Math.ceil(3 * deviation), Math.min(height, width) - 1.0);
    float[] kernel = work.kernel;
    fill(kernel, radius, deviation);
    for (int c = 0; c < channels; c++) {
      int first = c * height * width * LANES + lane;
      rows(pixels, first, work.plane, kernel, radius, work.line);
      columns(work.plane, pixels, first, kernel, radius, work.line);
    }
  }

  private static void fill(float[] kernel, int radius, double deviation) {
    double sum = 0;
    for (int k = -radius; k <= radius; k++) {
      sum += weight(k, deviation);
    }
    for (int k = 0; k <= radius; k++) {
      kernel[k] = (float) (weight(k, deviation) / sum);
    }
  }

  private static double weight(int distance, double deviation) {
    double scaled = distance / deviation;
    return StrictMath.exp(-0.5 * scaled * scaled);
  }

  private void rows(
      float[] pixels, int first, float[] plane, float[] kernel, int radius, float[] line) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        line[radius + x] = pixels[first + (y * width + x) * LANES];
      }
      mirror(line, radius, width);
      for (int x = 0; x < width; x++) {
        plane[y * width + x] = sum(line, x + radius, kernel, radius);
      }
    }
  }

  private void columns(
      float[] plane, float[] pixels, int first, float[] kernel, int radius, float[] line) {
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        line[radius + y] = plane[y * width + x];
      }
      mirror(line, radius, height);
      for (int y = 0; y < height; y++) {
        pixels[first + (y * width + x) * LANES] = sum(line, y + radius, kernel, radius);
      }
    }
  }

  private static void mirror(float[] line, int radius, int length) {
    for (int k = 1; k <= radius; k++) {
      line[radius - k] = line[radius + k];
      line[radius + length - 1 + k] = line[radius + length - 1 - k];
    }
  }

  private static float sum(float[] line, int middle, float[] kernel, int radius) {
    float sum = kernel[0] * line[middle];
    for (int k = 1; k <= radius; k++) {
      sum = Fma.of(kernel[k], line[middle - k] + line[middle + k], sum);
    }
    return sum;
  }
}
