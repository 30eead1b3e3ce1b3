package dev.featuremap.layer.window;

/**
 * A window that slides over one dimension of a map.
 *
 * @param pixels of the map
 * @param span pixels from the first to the last one of the window
 * @param stride its step
 * @param before pixels of padding before the map
 * @param after pixels of padding after the map
 * @param ceil true where the last window may reach past the padding
 */
record Slide(int pixels, int span, int stride, int before, int after, boolean ceil) {

  /**
   * TensorFlow's {@code SAME}: {@code ceil(pixels / stride)} places, by {@code max((places - 1) ·
   * stride + span - pixels, 0)} pixels of padding, the smaller half of them before the map.
   */
  static Slide same(int pixels, int span, int stride) {
    int places = (pixels - 1) / stride + 1;
    int total = Math.max((places - 1) * stride + span - pixels, 0);
    return new Slide(pixels, span, stride, total / 2, total - total / 2, false);
  }

  /**
   * Places of the window; below 1 where it does not fit. With {@code ceil} the quotient is rounded
   * up, and a last window that would start after the map is left out, as PyTorch does it.
   */
  int places() {
    int room = pixels + before + after - span;
    int places = Math.floorDiv(room + (ceil ? stride - 1 : 0), stride) + 1;
    return ceil && (places - 1) * (long) stride >= pixels + before ? places - 1 : places;
  }

  /** Pixels after the map that the padding has or that the last window reaches. */
  int reach() {
    return Math.max(after, (places() - 1) * stride + span - pixels - before);
  }

  /** True where each window has an element inside the map; elements lie {@code dilation} apart. */
  boolean meets(int dilation) {
    for (int place = 0; place < places(); place++) {
      int start = place * stride - before;
      int first = start >= 0 ? start : Math.floorMod(start, dilation);
      if (first >= pixels || first - start >= span) {
        return false;
      }
    }
    return true;
  }
}
