package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.tensor.Lanes;

/**
 * The windows of a pooling layer as offsets into an input block: element {@code t} of the window of
 * output pixel {@code o} starts at {@code corners[o] + taps[t]}.
 */
final class PoolingOffsets {
  private final int[] corners; // [channels, outputHeight, outputWidth]
  private final int[] taps; // [window, window]

  PoolingOffsets(PoolingGeometry geometry) {
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
  }

  /** Where each window starts, in the order of the output pixels; not to be changed. */
  int[] corners() {
    return corners;
  }

  /** The window's elements, by rows, from its start; not to be changed. */
  int[] taps() {
    return taps;
  }
}
