package dev.featuremap.augment;

import dev.featuremap.random.CounterRandom;

/**
 * The random numbers of one image in one epoch, each under the name of what it is for.
 *
 * <p>One instance serves one image after another.
 */
final class ImageDraws {
  static final int FLIP = 1;
  static final int SHIFT_ROWS = 2;
  static final int SHIFT_COLUMNS = 3;
  static final int ROTATE = 4;
  static final int SCALE = 5;
  static final int BRIGHTNESS = 6;
  static final int CONTRAST = 7;
  static final int SATURATION = 8;
  static final int ERASE = 9;
  static final int ERASE_AREA = 10;
  static final int ERASE_ASPECT = 11;
  static final int ERASE_ROW = 12;
  static final int ERASE_COLUMN = 13;
  static final int ELASTIC = 14;
  static final int MIXUP = 15;
  static final int FLIP_VERTICAL = 16;
  static final int CROP_AREA = 17;
  static final int CROP_ASPECT = 18;
  static final int CROP_ROW = 19;
  static final int CROP_COLUMN = 20;
  static final int OPERATION = 21;
  static final int MAGNITUDE = 22;
  static final int SIGN = 23;
  static final int HUE = 24;
  static final int GREY = 25;
  static final int BLUR = 26;
  static final int BLUR_DEVIATION = 27;
  static final int CUTMIX = 28;
  static final int CUTMIX_ROW = 29;
  static final int CUTMIX_COLUMN = 30;
  static final int CUT_OR_MIX = 31;

  private long image;

  /** Takes the numbers under the hash of (seed, epoch, record). */
  void reset(long hash) {
    image = hash;
  }

  /** A number in {@code [0, 1)}. */
  double uniform(int name) {
    return CounterRandom.uniform(CounterRandom.hash(image, name));
  }

  /** The {@code index}-th number in {@code [0, 1)} under one name. */
  double uniform(int name, int index) {
    return CounterRandom.uniform(CounterRandom.hash(CounterRandom.hash(image, name), index));
  }

  /** The {@code index}-th number in {@code (0, 1]} under one name. */
  double uniformOpen(int name, int index) {
    return CounterRandom.uniformOpen(CounterRandom.hash(CounterRandom.hash(image, name), index));
  }

  /** A number in {@code [-most, most)}. */
  double around(int name, double most) {
    return (2 * uniform(name) - 1) * most;
  }

  /** An integer from {@code -most} to {@code most}. */
  int integerAround(int name, int most) {
    return (int) (uniform(name) * (2 * most + 1)) - most;
  }
}
