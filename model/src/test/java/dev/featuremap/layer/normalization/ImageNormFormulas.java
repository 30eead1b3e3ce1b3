package dev.featuremap.layer.normalization;

import dev.featuremap.layer.DoubleReference;
import dev.featuremap.tensor.Shape;
import java.util.function.IntUnaryOperator;

/** The formulas of PyTorch's normalizations of single images, as plain as they can be. */
final class ImageNormFormulas {
  private ImageNormFormulas() {}

  /** Normalizes each group of channels, over all of its pixels. */
  static DoubleReference.Formula groups(Shape shape, int groups, double epsilon, boolean affine) {
    int plane = shape.height() * shape.width();
    int perGroup = shape.channels() / groups * plane;
    return normalized(shape, at -> at / perGroup, groups, epsilon, affine);
  }

  /** Normalizes each pixel, over its channels. */
  static DoubleReference.Formula pixels(Shape shape, double epsilon, boolean affine) {
    int plane = shape.height() * shape.width();
    return normalized(shape, at -> at % plane, plane, epsilon, affine);
  }

  private static DoubleReference.Formula normalized(
      Shape shape, IntUnaryOperator partOf, int parts, double epsilon, boolean affine) {
    int plane = shape.height() * shape.width();
    return (parameters, image) -> {
      double count = (double) image.length / parts;
      double[] means = new double[parts];
      double[] variances = new double[parts];
      for (int k = 0; k < image.length; k++) {
        means[partOf.applyAsInt(k)] += image[k] / count;
      }
      for (int k = 0; k < image.length; k++) {
        double distance = image[k] - means[partOf.applyAsInt(k)];
        variances[partOf.applyAsInt(k)] += distance * distance / count;
      }
      double[] output = new double[image.length];
      for (int k = 0; k < image.length; k++) {
        int part = partOf.applyAsInt(k);
        int channel = k / plane;
        double normal = (image[k] - means[part]) / Math.sqrt(variances[part] + epsilon);
        double scale = affine ? parameters[channel] : 1;
        double shift = affine ? parameters[shape.channels() + channel] : 0;
        output[k] = normal * scale + shift;
      }
      return output;
    };
  }
}
