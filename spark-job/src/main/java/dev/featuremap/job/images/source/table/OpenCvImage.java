package dev.featuremap.job.images.source.table;

import dev.featuremap.image.Pixels;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.tensor.Shape;
import java.util.Locale;
import org.apache.spark.sql.Row;

/**
 * Images as Spark's {@code image} source has them: pixels row by row, the channels of one pixel
 * side by side, blue first, in the types of OpenCV.
 */
final class OpenCvImage {
  private static final int GREY = 0;
  private static final int BGR = 16;
  private static final int BGRA = 24;

  private OpenCvImage() {}

  /**
   * The pixels of a row; the fourth channel, alpha, is dropped.
   *
   * @param image of {@link ImageColumn#PLAIN}
   */
  static ImageContent content(Row image, long maxPixels) {
    for (int field = 1; field < image.size(); field++) {
      if (image.isNullAt(field)) {
        return new ImageContent.Unusable(
            "its image has no " + ImageColumn.PLAIN.fieldNames()[field]);
      }
    }
    int height = image.getInt(1);
    int width = image.getInt(2);
    int mode = image.getInt(4);
    byte[] data = image.getAs(5);
    int channels =
        switch (mode) {
          case GREY -> 1;
          case BGR -> 3;
          case BGRA -> 4;
          default -> 0;
        };
    if (channels == 0 || channels != image.getInt(3)) {
      return unusable(
          "its image must have OpenCV's type 0, 16 or 24 with 1, 3 or 4 channels, got %d with %d",
          mode, image.getInt(3));
    }
    if (height < 1 || width < 1 || (long) height * width > maxPixels) {
      return unusable(
          "its image has %dx%d pixels, expected 1 to %,d (data.max-pixels)",
          width, height, maxPixels);
    }
    if (data.length != (long) height * width * channels) {
      return unusable(
          "its image of %dx%d pixels and %d channels has %,d bytes, expected %,d",
          width, height, channels, data.length, (long) height * width * channels);
    }
    return new ImageContent.Plain(pixels(data, channels, height, width));
  }

  private static ImageContent unusable(String format, Object... arguments) {
    return new ImageContent.Unusable(String.format(Locale.ROOT, format, arguments));
  }

  private static Pixels pixels(byte[] data, int channels, int height, int width) {
    int area = height * width;
    int kept = Math.min(3, channels);
    byte[] values = new byte[kept * area];
    for (int channel = 0; channel < kept; channel++) {
      int from = kept - 1 - channel;
      for (int pixel = 0; pixel < area; pixel++) {
        values[channel * area + pixel] = data[pixel * channels + from];
      }
    }
    return new Pixels(new Shape(kept, height, width), values);
  }
}
