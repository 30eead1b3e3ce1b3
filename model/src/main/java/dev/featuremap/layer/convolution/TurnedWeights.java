package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Parts;

/** The weights of a convolution as its input gradient needs them. */
final class TurnedWeights {
  private TurnedWeights() {}

  /**
   * Turns every field by 180° and exchanges channels and feature maps, for a part of the channels.
   *
   * @param geometry of the gradient
   * @param parameters the layer's weights at {@code from}, {@code [channels, featureMaps, ..]} of
   *     the gradient
   * @param turned gets {@code [featureMaps, channels, ..]} at {@code to}
   */
  static void write(
      ConvolutionGeometry geometry,
      float[] parameters,
      int from,
      float[] turned,
      int to,
      int part,
      int parts) {
    int field = geometry.fieldHeight() * geometry.fieldWidth();
    int end = Parts.start(geometry.channels(), part + 1, parts);
    for (int c = Parts.start(geometry.channels(), part, parts); c < end; c++) {
      int at = from + c * geometry.featureMaps() * field;
      for (int f = 0; f < geometry.featureMaps(); f++) {
        int last = to + (f * geometry.channels() + c + 1) * field - 1;
        for (int tap = 0; tap < field; tap++, at++) {
          turned[last - tap] = parameters[at];
        }
      }
    }
  }
}
