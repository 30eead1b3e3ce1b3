package dev.featuremap.augment;

import dev.featuremap.spec.Options;
import java.util.Locale;

/**
 * How far training images may be changed; 0 and false leave them as they are.
 *
 * @param crop which rectangles take the place of the whole image
 * @param shift pixels an image moves at most, in rows and in columns, over black
 * @param flip true to mirror half of the images left to right
 * @param flipVertical true to mirror half of the images top to bottom
 * @param rotate degrees an image turns at most, either way, 0 to 180
 * @param scale share by which an image grows or shrinks at most, 0 to 0.9
 * @param elastic pixels by which a smooth random distortion moves a pixel at most
 * @param brightness factor of all pixels, drawn from {@code 1 ± brightness}, 0 to 1
 * @param contrast factor of the distance from the mean grey, drawn from {@code 1 ± contrast}, 0 to
 *     1
 * @param saturation factor of the distance from a pixel's grey, drawn from {@code 1 ± saturation},
 *     0 to 1; without effect on images of one channel
 * @param hue part of a turn by which hues turn at most, either way, 0 to 0.5; without effect on
 *     images of other than three channels
 * @param grey share of the images that lose their colour, 0 to 1
 * @param policy operations of a list, applied at random
 * @param blur which images are blurred
 * @param erase share of the images from which a rectangle is erased, 0 to 1
 * @param mixup α of the Beta(α, α) distribution of the share that an image keeps when it is mixed
 *     with its neighbour, 0 to 1; 0 mixes none
 * @param cutmix the same of the share that is not covered by a rectangle of its neighbour
 */
public record Augmentation(
    Crop crop,
    int shift,
    boolean flip,
    boolean flipVertical,
    double rotate,
    double scale,
    double elastic,
    double brightness,
    double contrast,
    double saturation,
    double hue,
    double grey,
    Policy policy,
    Blurring.Rule blur,
    double erase,
    double mixup,
    double cutmix) {

  /** Leaves all images as they are. */
  public static final Augmentation NONE =
      new Augmentation(
          Crop.NONE,
          0,
          false,
          false,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          Policy.NONE,
          Blurring.Rule.NONE,
          0,
          0,
          0);

  private static final int LARGEST_MOVE = 1024;

  /** Reads the {@code augment} section. */
  public static Augmentation read(Options options) {
    return new Augmentation(
        Crop.read(options),
        options.integer("shift", 0, LARGEST_MOVE),
        options.flag("flip"),
        options.flag("flip-vertical"),
        upTo(options, "rotate", 180),
        upTo(options, "scale", 0.9),
        upTo(options, "elastic", LARGEST_MOVE),
        upTo(options, "brightness", 1),
        upTo(options, "contrast", 1),
        upTo(options, "saturation", 1),
        upTo(options, "hue", 0.5),
        upTo(options, "grey", 1),
        Policy.read(options),
        Blurring.Rule.read(options),
        upTo(options, "erase", 1),
        upTo(options, "mixup", 1),
        upTo(options, "cutmix", 1));
  }

  static double upTo(Options options, String key, double most) {
    String range =
        "from 0 to " + String.format(Locale.ROOT, most == Math.rint(most) ? "%.0f" : "%s", most);
    return options.number(key, range, value -> value >= 0 && value <= most);
  }

  /** True when pixels move. */
  boolean moves() {
    return flip || flipVertical || shift > 0 || interpolates();
  }

  /** True when pixels move by fractions. */
  boolean interpolates() {
    return rotate > 0 || scale > 0 || elastic > 0;
  }

  /** True when pixels change their colour. */
  boolean recolours() {
    return brightness > 0 || contrast > 0 || saturation > 0 || hue > 0 || grey > 0;
  }
}
