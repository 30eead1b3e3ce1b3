package dev.featuremap.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * The first frame of a GIF file on its screen.
 *
 * <p>Around the frame the screen has the colour that is transparent in the frame, or else the first
 * one of the frame's palette. Transparent pixels have the colour of their index: alpha is dropped
 * here as in other formats. A screen that is smaller than the frame grows.
 */
final class GifFile {
  private static final int SCREEN_AT = 6;
  private static final int BLOCKS_AT = 13;
  private static final int TABLE = 0x80;
  private static final int INTERLACED = 0x40;
  private static final int MOST_COLOURS = 256;
  private static final int CONTROL = 0xf9;
  private static final int CONTROL_BYTES = 4;
  private static final int DESCRIPTOR_BYTES = 9;

  private final byte[] gif;
  private int at = BLOCKS_AT;
  private int[] colours;
  private int around;
  private int left;
  private int top;
  private int width;
  private int height;
  private int flags;

  private GifFile(byte[] gif) throws IOException {
    this.gif = gif;
    require(BLOCKS_AT);
    colours = table(unsigned(SCREEN_AT + 4));
    readBlocks();
  }

  /**
   * Reads the heads of a file up to its first frame.
   *
   * @throws IOException if there is none
   */
  static GifFile of(byte[] gif) throws IOException {
    return new GifFile(gif);
  }

  /** Columns of the screen. */
  int screenWidth() {
    return Math.max(word(SCREEN_AT), left + width);
  }

  /** Rows of the screen. */
  int screenHeight() {
    return Math.max(word(SCREEN_AT + 2), top + height);
  }

  /**
   * The frame as a file of its own, whose palette is such that a pixel's index is its colour: a
   * reader finds there what it needs to unpack indices of any palette.
   */
  byte[] frame() {
    ByteArrayOutputStream file = new ByteArrayOutputStream(gif.length + 3 * MOST_COLOURS + 32);
    file.writeBytes(new byte[] {'G', 'I', 'F', '8', '9', 'a'});
    writeSize(file);
    file.writeBytes(new byte[] {(byte) (TABLE | 0x77), 0, 0});
    for (int index = 0; index < MOST_COLOURS; index++) {
      file.writeBytes(new byte[] {(byte) index, (byte) index, (byte) index});
    }
    file.writeBytes(new byte[] {',', 0, 0, 0, 0});
    writeSize(file);
    file.write(flags & INTERLACED);
    file.write(gif, at, gif.length - at);
    return file.toByteArray();
  }

  /**
   * The screen with the frame on it.
   *
   * @param indices of the frame, {@code [row, column]}
   */
  Pixels screen(byte[] indices) {
    int columns = screenWidth();
    byte[] screen = new byte[columns * screenHeight()];
    Arrays.fill(screen, (byte) around);
    for (int row = 0; row < height; row++) {
      System.arraycopy(indices, row * width, screen, (top + row) * columns + left, width);
    }
    return RasterPixels.coloured(screen, screenHeight(), columns, colours);
  }

  private void readBlocks() throws IOException {
    while (true) {
      require(1);
      int block = unsigned(at++);
      if (block == ',') {
        readDescriptor();
        return;
      }
      if (block == ';') {
        throw new IOException("there is no frame");
      }
      if (block == '!') {
        skipExtension();
      }
    }
  }

  private void skipExtension() throws IOException {
    require(2);
    boolean control = unsigned(at++) == CONTROL;
    int bytes = unsigned(at++);
    if (control && bytes >= CONTROL_BYTES) {
      require(bytes);
      around = (gif[at] & 1) == 1 ? unsigned(at + 3) : around;
    }
    while (bytes > 0) {
      require(bytes + 1);
      at += bytes;
      bytes = unsigned(at++);
    }
  }

  private void readDescriptor() throws IOException {
    require(DESCRIPTOR_BYTES);
    left = word(at);
    top = word(at + 2);
    width = word(at + 4);
    height = word(at + 6);
    flags = unsigned(at + 8);
    at += DESCRIPTOR_BYTES;
    if ((flags & TABLE) != 0) {
      colours = table(flags);
    }
    if (width == 0 || height == 0) {
      throw new IOException("the frame has no pixels");
    }
  }

  /** The colours that stand here; shades of grey where there are none. */
  private int[] table(int tableFlags) throws IOException {
    int[] table = new int[MOST_COLOURS];
    int size = (tableFlags & TABLE) == 0 ? 0 : 2 << (tableFlags & 7);
    require(3 * size);
    boolean grey = true;
    for (int index = 0; index < size; index++) {
      table[index] = unsigned(at) << 16 | unsigned(at + 1) << 8 | unsigned(at + 2);
      grey &= table[index] == index * 0x010101;
      at += 3;
    }
    for (int index = 0; grey && index < MOST_COLOURS; index++) {
      table[index] = index * 0x010101;
    }
    return table;
  }

  private void writeSize(ByteArrayOutputStream file) {
    file.write(width);
    file.write(width >> 8);
    file.write(height);
    file.write(height >> 8);
  }

  private void require(int bytes) throws IOException {
    if (gif.length - at < bytes) {
      throw new IOException("the file ends early");
    }
  }

  private int word(int from) {
    return unsigned(from) | unsigned(from + 1) << 8;
  }

  private int unsigned(int from) {
    return gif[from] & 0xff;
  }
}
