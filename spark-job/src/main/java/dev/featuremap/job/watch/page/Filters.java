package dev.featuremap.job.watch.page;

import dev.featuremap.image.Pixels;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * The weights of a layer as pictures.
 *
 * @param tensor the weights' name
 * @param shape of each picture
 * @param pixels of all pictures, one after the other
 */
public record Filters(String tensor, Shape shape, byte[] pixels) {
  private static final byte GREY = (byte) 128;

  /** All pictures as one, in rows of as many as there are rows, a grey line between them. */
  public Pixels mosaic() {
    int count = pixels.length / shape.size();
    int across = (int) Math.ceil(Math.sqrt(count));
    int down = (count + across - 1) / across;
    int width = across * (shape.width() + 1) - 1;
    int height = down * (shape.height() + 1) - 1;
    byte[] mosaic = new byte[shape.channels() * height * width];
    Arrays.fill(mosaic, GREY);
    int rows = shape.channels() * shape.height();
    for (int picture = 0; picture < count; picture++) {
      int top = picture / across * (shape.height() + 1);
      int left = picture % across * (shape.width() + 1);
      for (int row = 0; row < rows; row++) {
        int y = row / shape.height() * height + top + row % shape.height();
        int from = picture * shape.size() + row * shape.width();
        System.arraycopy(pixels, from, mosaic, y * width + left, shape.width());
      }
    }
    return new Pixels(new Shape(shape.channels(), height, width), mosaic);
  }
}
