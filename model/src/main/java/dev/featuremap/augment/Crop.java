package dev.featuremap.augment;

import dev.featuremap.spec.Options;
import java.util.List;

/**
 * Which rectangles of images may take the place of the whole.
 *
 * @param leastArea smallest share of the image's area, above 0 to 1
 * @param mostArea largest share of it; if both are 1 the image stays as it is
 * @param leastAspect smallest width of the rectangle over its height
 * @param mostAspect largest one
 */
record Crop(double leastArea, double mostArea, double leastAspect, double mostAspect) {
  static final Crop NONE = new Crop(1, 1, 1, 1);

  /** Reads {@code crop-scale} and {@code crop-aspect}. */
  static Crop read(Options options) {
    List<Double> area = options.range("crop-scale", 0.001, 1);
    List<Double> aspect = options.range("crop-aspect", 0.01, 100);
    return area.get(0) == 1
        ? NONE
        : new Crop(area.get(0), area.get(1), aspect.get(0), aspect.get(1));
  }
}
