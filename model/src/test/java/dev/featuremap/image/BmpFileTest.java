package dev.featuremap.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.testing.Pictures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of BMP that are refused or damaged; those that are decoded are in PillowPixelsTest. */
class BmpFileTest {
  private static final int HEAD_BYTES_AT = 14;
  private static final int WIDTH_AT = 18;
  private static final int BITS_AT = 28;
  private static final int COMPRESSION_AT = 30;
  private static final int COLOURS_AT = 46;
  private static final int MASKS_AT = 54;

  @ParameterizedTest
  @CsvSource({
    "64, 3, 1, Huffman (compression 3) of 1 bits",
    "64, 4, 24, RLE24 (compression 4) of 24 bits",
    "40, 1, 4, RLE8 (compression 1) of 4 bits",
    "40, 2, 8, RLE4 (compression 2) of 8 bits",
    "40, 3, 8, bit field (compression 3) of 8 bits",
    "40, 11, 32, CMYK (compression 11) of 32 bits",
    "40, 77, 24, unknown (compression 77) of 24 bits"
  })
  void namesThePackingThatIsNotDecoded(int head, int compression, int bits, String form) {
    byte[] bmp = bmp();
    put(bmp, HEAD_BYTES_AT, head);
    put(bmp, BITS_AT, bits);
    put(bmp, COMPRESSION_AT, compression);

    assertIsBad(
        bmp,
        "its BMP data are packed in a form that is not decoded: " + form + "; convert it to PNG");
  }

  @Test
  void namesTheDepthThatIsNotDecoded() {
    byte[] bmp = bmp();
    put(bmp, BITS_AT, 64);

    assertIsBad(
        bmp, "its BMP pixels are of 64 bits, expected 1, 2, 4, 8, 16, 24 or 32; convert it to PNG");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 13, 125, -1})
  void namesTheHeadThatIsOfNoKind(int bytes) {
    byte[] bmp = bmp();
    put(bmp, HEAD_BYTES_AT, bytes);

    assertIsBad(bmp, "its BMP head is of " + bytes + " bytes, expected 12, or 16 to 124");
  }

  @Test
  void namesTheBitFieldThatHasHoles() {
    byte[] bmp = bmp();
    put(bmp, BITS_AT, 32);
    put(bmp, COMPRESSION_AT, 3);
    put(bmp, MASKS_AT, 0xf0f0);

    assertIsBad(
        bmp, "a bit field of its BMP pixels has holes, got mask 0x0000F0F0; convert it to PNG");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -5})
  void refusesAnImageWithoutColumns(int width) {
    byte[] bmp = bmp();
    put(bmp, WIDTH_AT, width);

    assertIsBad(bmp, "its BMP data are damaged (a size of " + width + " x 5)");
  }

  @Test
  void refusesAPaletteThatIsTooLarge() {
    byte[] bmp = bmp();
    put(bmp, BITS_AT, 8);
    put(bmp, COLOURS_AT, -1);

    assertIsBad(bmp, "its BMP data are damaged (a palette of 4294967295)");
  }

  @Test
  void refusesRunsThatEndBeforeTheImage() throws IOException {
    byte[] runs = resource("runs-of-8-bits.bmp");

    assertIsBad(
        Arrays.copyOf(runs, runs.length - 30),
        "its BMP data are damaged (the file ends before its last row)");
  }

  @Test
  void leavesTheFirstColourWhereRunsEndTheImageEarly() throws Exception {
    byte[] runs = resource("runs-of-8-bits.bmp");
    int dataAt = ByteBuffer.wrap(runs).order(ByteOrder.LITTLE_ENDIAN).getInt(10);
    runs[dataAt] = 0;
    runs[dataAt + 1] = 1; // the end of the image

    byte[] values = new ImageDecoder(1 << 20).decode(runs).values();

    assertThat(values[0]).isEqualTo((byte) 3);
    assertThat(values[130]).isEqualTo((byte) 250);
    assertThat(values[260]).isEqualTo((byte) 0);
  }

  @Test
  void stretchesBitFieldsOfAnyWidth() throws Exception {
    byte[] bmp = bmp();
    put(bmp, BITS_AT, 16);
    put(bmp, COMPRESSION_AT, 3);
    put(bmp, MASKS_AT, 0xf000);
    put(bmp, MASKS_AT + 4, 0x0ffe);
    put(bmp, MASKS_AT + 8, 0x0001);
    put(bmp, 10, MASKS_AT + 12);
    bmp = Arrays.copyOf(bmp, 400);
    int lastRow = MASKS_AT + 12 + 4 * 16;
    bmp[lastRow] = (byte) 0x01; // 1 of 1
    bmp[lastRow + 1] = (byte) 0xa8; // 10 of 15, and 8 << 7 of 2047

    byte[] values = new ImageDecoder(1 << 20).decode(bmp).values();

    assertThat(values[0] & 0xff).isEqualTo(10 * 255 / 15);
    assertThat(values[35] & 0xff).isEqualTo(8 << 7 >> 3);
    assertThat(values[70] & 0xff).isEqualTo(255);
  }

  /** Of 24 bits, 7 columns and 5 rows. */
  private static byte[] bmp() {
    return Arrays.copyOf(Pictures.encode(Pictures.colours(5, 7), "bmp"), 400);
  }

  private static void put(byte[] bmp, int at, int value) {
    ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
  }

  private static void assertIsBad(byte[] bmp, String reason) {
    assertThatThrownBy(() -> new ImageDecoder(1 << 20).decode(bmp))
        .isInstanceOf(BadImageException.class)
        .hasMessage(reason);
  }

  @Test
  void refusesByTheHeadWhatCannotBeDecoded() {
    byte[] bmp = bmp();
    put(bmp, BITS_AT, 64);

    assertThatThrownBy(() -> new ImageDecoder(1 << 20).checkHead(bmp))
        .isInstanceOf(BadImageException.class)
        .hasMessageStartingWith("its BMP pixels are of 64 bits");
    assertThatThrownBy(() -> new ImageDecoder(1 << 20).checkHead(Arrays.copyOf(bmp(), 100)))
        .isInstanceOf(BadImageException.class)
        .hasMessage("its BMP data are damaged (the file ends before its last row)");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = BmpFileTest.class.getResourceAsStream("pixels/" + name)) {
      return in.readAllBytes();
    }
  }
}
