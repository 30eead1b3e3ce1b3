package dev.featuremap.layer.pooling;

import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** A layer that makes each output pixel of a region of input pixels, all 16 lanes alike. */
abstract class WindowLayer extends SingleBlockLayer {
  private final Regions regions;

  WindowLayer(Regions regions) {
    this.regions = regions;
  }

  /**
   * Makes the output pixel at {@code to} of the elements at {@code from + taps}.
   *
   * @param place the output pixel's number in its map
   */
  abstract void pool(float[] input, int from, int[] taps, float[] output, int to, int place);

  /**
   * Adds the gradient of the output pixel at {@code at} to that of its input pixel at {@code to}.
   */
  abstract void spread(
      float[] input,
      float[] output,
      float[] outputGradient,
      int at,
      float[] inputGradient,
      int to,
      int place);

  @Override
  public final void forward(BlockPass pass, float[] input, float[] output) {
    int[] corners = regions.corners();
    int places = regions.places();
    for (int map = 0; map < corners.length; map += places) {
      for (int place = 0; place < places; place++) {
        int o = map + place;
        pool(input, corners[o], regions.taps()[place], output, o * Lanes.COUNT, place);
      }
    }
  }

  @Override
  public final void backward(
      BlockPass pass,
      float[] input,
      float[] output,
      float[] outputGradient,
      float[] inputGradient) {
    Arrays.fill(inputGradient, 0, regions.inputBlockSize(), 0f);
    int[] corners = regions.corners();
    int places = regions.places();
    for (int map = 0; map < corners.length; map += places) {
      for (int place = 0; place < places; place++) {
        int o = map + place;
        for (int tap : regions.taps()[place]) {
          int to = corners[o] + tap;
          spread(input, output, outputGradient, o * Lanes.COUNT, inputGradient, to, place);
        }
      }
    }
  }
}
