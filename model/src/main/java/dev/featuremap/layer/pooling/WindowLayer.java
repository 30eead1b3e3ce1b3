package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** A layer that makes each output pixel of a window of input pixels, all 16 lanes alike. */
abstract class WindowLayer extends SingleBlockLayer {
  private final int[] corners; // [channels, outputHeight, outputWidth], where windows start
  private final int[] taps; // [window, window], from there by rows
  private final int inputBlockSize;

  WindowLayer(PoolingGeometry geometry) {
    int outputHeight = geometry.outputHeight();
    int outputWidth = geometry.outputWidth();
    corners = new int[geometry.channels() * outputHeight * outputWidth];
    int o = 0;
    for (int c = 0; c < geometry.channels(); c++) {
      for (int y = 0; y < outputHeight; y++) {
        int row = (c * geometry.height() + y * geometry.stride()) * geometry.width();
        for (int x = 0; x < outputWidth; x++, o++) {
          corners[o] = (row + x * geometry.stride()) * Lanes.COUNT;
        }
      }
    }
    taps = new int[geometry.window() * geometry.window()];
    for (int t = 0; t < taps.length; t++) {
      int row = t / geometry.window() * geometry.width();
      taps[t] = (row + t % geometry.window()) * Lanes.COUNT;
    }
    inputBlockSize = geometry.channels() * geometry.height() * geometry.width() * Lanes.COUNT;
  }

  /**
   * Makes the output pixel at {@code to} of the window whose elements are at {@code from + taps}.
   */
  abstract void pool(float[] input, int from, int[] taps, float[] output, int to);

  /**
   * Adds the gradient of the output pixel at {@code at} to that of its input pixel at {@code to}.
   */
  abstract void spread(
      float[] input, float[] output, float[] outputGradient, int at, float[] inputGradient, int to);

  @Override
  public final void forward(BlockPass pass, float[] input, float[] output) {
    for (int o = 0; o < corners.length; o++) {
      pool(input, corners[o], taps, output, o * Lanes.COUNT);
    }
  }

  @Override
  public final void backward(
      BlockPass pass,
      float[] input,
      float[] output,
      float[] outputGradient,
      float[] inputGradient) {
    Arrays.fill(inputGradient, 0, inputBlockSize, 0f);
    for (int o = 0; o < corners.length; o++) {
      for (int tap : taps) {
        spread(input, output, outputGradient, o * Lanes.COUNT, inputGradient, corners[o] + tap);
      }
    }
  }
}
