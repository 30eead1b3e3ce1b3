package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Parts;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.ZeroPadding;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;

/**
 * The part of {@link StridedInputGradient} for the pixels of one phase: a convolution of stride 1
 * of the output gradient with the taps that meet them, turned by 180°.
 *
 * @param input of the layer
 * @param geometry of the gradient
 * @param weights {@code [channels, featureMaps, rows, columns]}, for all forks
 */
record StridePhase(
    Shape input,
    StrideTaps rows,
    StrideTaps columns,
    ZeroPadding padding,
    ConvolutionGeometry geometry,
    float[] weights,
    Correlation correlation) {

  /**
   * Needs at least one tap in both directions.
   *
   * @param output of the layer
   */
  static StridePhase of(
      Kernels kernels,
      Shape input,
      Shape output,
      StrideTaps rows,
      StrideTaps columns,
      Scratch scratch) {
    Shape padded = new Shape(output.channels(), rows.places(), columns.places());
    ZeroPadding padding =
        new ZeroPadding(output, rows.before(), columns.before(), Extent.ONE, padded, scratch);
    ConvolutionGeometry geometry =
        new ConvolutionGeometry(
            padded.channels(),
            padded.height(),
            padded.width(),
            input.channels(),
            rows.count(),
            columns.count(),
            /* stride= */ 1);
    float[] weights = new float[geometry.weights()];
    return new StridePhase(
        input, rows, columns, padding, geometry, weights, kernels.correlation(geometry));
  }

  StridePhase fork(Kernels kernels, Scratch scratch) {
    Correlation own = kernels.correlation(geometry);
    return new StridePhase(input, rows, columns, padding.fork(scratch), geometry, weights, own);
  }

  /** Floats of the pixels of a block. */
  int blockSize() {
    return geometry.outputBlockSize();
  }

  /**
   * Takes a part of the weights of the layer.
   *
   * @param parameters {@code [featureMaps, channels, field.height, field.width]} at {@code from}
   */
  void prepare(float[] parameters, int from, ReceptiveField field, int part, int parts) {
    int end = Parts.start(geometry.channels(), part + 1, parts);
    for (int map = Parts.start(geometry.channels(), part, parts); map < end; map++) {
      for (int channel = 0; channel < input.channels(); channel++) {
        int source = from + (map * input.channels() + channel) * field.size();
        int target = channel * geometry.taps() + map * rows.count() * columns.count();
        for (int i = 0; i < rows.count(); i++) {
          for (int j = 0; j < columns.count(); j++) {
            int tap = rows.turned(i) * field.width() + columns.turned(j);
            weights[target++] = parameters[source + tap];
          }
        }
      }
    }
  }

  /**
   * Computes the pixels and puts them in their places.
   *
   * @param pixels scratch for {@link #blockSize} floats
   */
  void apply(float[] outputGradient, float[] pixels, float[] inputGradient) {
    correlation.apply(padding.apply(outputGradient), weights, 0, /* biasesAt= */ -1, pixels);
    int from = 0;
    for (int channel = 0; channel < input.channels(); channel++) {
      for (int y = 0; y < rows.pixels(); y++) {
        int row = (channel * input.height() + rows.pixel(y)) * input.width();
        for (int x = 0; x < columns.pixels(); x++, from += Lanes.COUNT) {
          int to = (row + columns.pixel(x)) * Lanes.COUNT;
          System.arraycopy(pixels, from, inputGradient, to, Lanes.COUNT);
        }
      }
    }
  }
}
