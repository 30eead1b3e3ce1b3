package dev.featuremap.layer.pooling;

import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.HashMap;
import java.util.Map;

/**
 * The pixels of the input that each output pixel is made of, all 16 lanes alike.
 *
 * @param corners {@code [channels, outputHeight, outputWidth]}, where the pixels start
 * @param taps {@code [outputHeight, outputWidth]}, where they lie from there, by rows
 * @param inputBlockSize floats of an input block
 */
record Regions(int[] corners, int[][] taps, int inputBlockSize) {

  /** The pixels from {@code starts[k]} to {@code ends[k]} of one dimension, for each output. */
  private record Ranges(int[] starts, int[] ends) {

    /** Windows that end at the map's first and last pixel. */
    static Ranges sliding(int places, int size, int stride, int before, int pixels) {
      Ranges ranges = new Ranges(new int[places], new int[places]);
      for (int place = 0; place < places; place++) {
        int start = place * stride - before;
        ranges.starts[place] = Math.max(0, start);
        ranges.ends[place] = Math.min(pixels, start + size);
      }
      return ranges;
    }

    /** As {@link AdaptivePooling} says. */
    static Ranges adaptive(int places, int pixels) {
      Ranges ranges = new Ranges(new int[places], new int[places]);
      for (int place = 0; place < places; place++) {
        ranges.starts[place] = AdaptivePooling.start(place, places, pixels);
        ranges.ends[place] = AdaptivePooling.end(place, places, pixels);
      }
      return ranges;
    }
  }

  /** Windows without gaps; what lies in the padding is no part of them. */
  static Regions of(Window window, Shape input) {
    Padding padding = window.padding(input);
    Extent places = window.places(input);
    Extent size = window.size();
    Extent stride = window.stride();
    return of(
        input,
        Ranges.sliding(places.rows(), size.rows(), stride.rows(), padding.top(), input.height()),
        Ranges.sliding(
            places.columns(), size.columns(), stride.columns(), padding.left(), input.width()));
  }

  /** Rectangles that cover the map evenly, one for each pixel of {@code output}. */
  static Regions adaptive(Extent output, Shape input) {
    return of(
        input,
        Ranges.adaptive(output.rows(), input.height()),
        Ranges.adaptive(output.columns(), input.width()));
  }

  private static Regions of(Shape input, Ranges rows, Ranges columns) {
    int height = rows.starts.length;
    int width = columns.starts.length;
    int[] corners = new int[input.channels() * height * width];
    int[][] taps = new int[height * width][];
    Map<Extent, int[]> tables = new HashMap<>();
    for (int o = 0; o < corners.length; o++) {
      int c = o / taps.length;
      int y = o % taps.length / width;
      int x = o % width;
      int row = c * input.height() + rows.starts[y];
      corners[o] = (row * input.width() + columns.starts[x]) * Lanes.COUNT;
      Extent size = new Extent(rows.ends[y] - rows.starts[y], columns.ends[x] - columns.starts[x]);
      taps[o % taps.length] = tables.computeIfAbsent(size, any -> table(any, input.width()));
    }
    return new Regions(corners, taps, input.blockSize());
  }

  private static int[] table(Extent size, int inputWidth) {
    int[] table = new int[size.size()];
    for (int t = 0; t < table.length; t++) {
      int row = t / size.columns();
      table[t] = (row * inputWidth + t % size.columns()) * Lanes.COUNT;
    }
    return table;
  }

  /** Output pixels of a map. */
  int places() {
    return taps.length;
  }
}
