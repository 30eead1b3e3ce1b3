package dev.featuremap.job.commands.pack;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.tensor.Shape;
import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * What to pack, and how.
 *
 * @param data where the images are
 * @param target directory that gets the files
 * @param imagesPerFile of every file but the last of a set, which has fewer
 * @param seed decides the order
 * @param size to which all images are brought; empty to keep their bytes
 */
public record PackRequest(
    DataSettings data, Path target, int imagesPerFile, long seed, Optional<Size> size) {

  /**
   * Takes them as they are.
   *
   * @throws JobException with {@code USAGE} if {@code data.resize} does not lead to that size
   */
  public PackRequest {
    size.ifPresent(to -> ImageReading.fit(new Shape(1, to.height(), to.width()), data.resize()));
  }

  /** Width and height in pixels, in the order in which people write them. */
  public record Size(int width, int height) implements Serializable {
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,4})x([1-9][0-9]{0,4})");

    /**
     * Reads {@code 64x48}.
     *
     * @throws JobException with {@code USAGE} for anything else
     */
    public static Size parse(String text) {
      Matcher sides = TEXT.matcher(text);
      if (!sides.matches()) {
        throw JobException.usage(
            "Cannot pack with --resize %s: expected width and height, such as 64x64."
                .formatted(text));
      }
      return new Size(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
    }

    @Override
    public String toString() {
      return width + "x" + height;
    }
  }
}
