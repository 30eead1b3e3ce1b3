package dev.featuremap.image;

import dev.featuremap.tensor.Shape;

/**
 * How the rows and columns of a stored image lie in the picture, by the numbers of TIFF 6.0 (tag
 * 274) and EXIF: 1 is upright, 2 to 4 are mirrored or turned by half, 5 to 8 have rows and columns
 * exchanged.
 */
final class Orientation {
  private Orientation() {}

  /**
   * The picture as it is looked at.
   *
   * @param stored as the file has it
   * @param number 1 to 8; others are taken for 1
   */
  static Pixels upright(Pixels stored, int number) {
    if (number < 2 || number > 8) {
      return stored;
    }
    Shape from = stored.shape();
    boolean exchanged = number >= 5;
    int height = exchanged ? from.width() : from.height();
    int width = exchanged ? from.height() : from.width();
    // From the right: 2, 3 and, once exchanged, 7, 8; from below: 3, 4 and 6, 7.
    boolean right = number == 2 || number == 3 || number == 6 || number == 7;
    boolean below = number == 3 || number == 4 || number == 7 || number == 8;
    byte[] values = new byte[stored.values().length];
    int at = 0;
    for (int c = 0; c < from.channels(); c++) {
      for (int y = 0; y < height; y++) {
        int row = below ? height - 1 - y : y;
        for (int x = 0; x < width; x++) {
          int column = right ? width - 1 - x : x;
          int place = exchanged ? column * from.width() + row : row * from.width() + column;
          values[at++] = stored.values()[c * height * width + place];
        }
      }
    }
    return new Pixels(new Shape(from.channels(), height, width), values);
  }
}
