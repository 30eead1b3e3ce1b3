package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Pictures;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private final ImageDecoder decoder = new ImageDecoder(1 << 20);

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void keepsEverySampleOfColour(String format) throws Exception {
    Pixels pixels = decoder.decode(Pictures.encode(Pictures.colours(2, 3), format));

    assertThat(pixels.shape()).isEqualTo(new Shape(3, 2, 3));
    assertThat(pixels.values())
        .containsExactly(
            bytes(0, 1, 2, 3, 4, 5, 80, 81, 82, 83, 84, 85, 160, 161, 162, 163, 164, 165));
  }

  @Test
  void keepsEverySampleOfGrey() throws Exception {
    byte[] grey = bytes(0, 1, 127, 128, 254, 255);

    Pixels pixels = decoder.decode(Pictures.greyPng(grey, 0, 2, 3));

    assertThat(pixels.shape()).isEqualTo(new Shape(1, 2, 3));
    assertThat(pixels.values()).containsExactly(grey);
  }

  @Test
  void keepsTheUpperHalfOfSixteenBits() throws Exception {
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 0x12ff);
    deep.getRaster().setSample(1, 0, 0, 0xfe00);

    assertThat(decoder.decode(Pictures.encode(deep, "png")).values())
        .containsExactly(bytes(0x12, 0xfe));
  }

  @Test
  void dropsAlpha() throws Exception {
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
    clear.getRaster().setPixel(0, 0, new int[] {10, 20, 30, 0});

    Pixels pixels = decoder.decode(Pictures.encode(clear, "png"));

    assertThat(pixels.values()).containsExactly(bytes(10, 20, 30));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif"})
  void looksColoursUpInAPalette(String format) throws Exception {
    assertThat(decoder.decode(Pictures.encode(palette(), format)).values())
        .containsExactly(bytes(200, 1, 100, 2, 50, 3));
  }

  private static BufferedImage palette() {
    IndexColorModel colours = new IndexColorModel(1, 2, bytes(1, 200), bytes(2, 100), bytes(3, 50));
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, colours);
    image.getRaster().setSample(0, 0, 0, 1);
    return image;
  }

  @ParameterizedTest
  @CsvSource({"rgb.jpg, 3", "progressive.jpg, 3", "grey.jpg, 1", "cmyk.jpg, 3"})
  void readsEveryKindOfJpeg(String name, int channels) throws Exception {
    Pixels pixels = decoder.decode(resource(name));

    assertThat(pixels.shape()).isEqualTo(new Shape(channels, 16, 24));
    // The left half is dark, the right half is bright.
    assertThat(pixels.values()[8 * 24 + 2] & 0xff).isLessThan(60);
    assertThat(pixels.values()[8 * 24 + 21] & 0xff).isGreaterThan(195);
  }

  @Test
  void takesTheFirstFrameOfAnAnimation() throws Exception {
    Pixels pixels = decoder.decode(resource("animated.gif"));

    assertThat(pixels.shape()).isEqualTo(new Shape(3, 16, 24));
    assertThat(pixels.values()[0] & 0xff).isLessThan(60);
  }

  @Test
  void refusesASizeThatIsOnlyDeclared() {
    assertIsBad(
        Pictures.declaredPng(20_000, 20_000),
        "its head declares 20000x20000 = 400,000,000 pixels, data.max-pixels allows 1,048,576");
  }

  @Test
  void refusesAGiantOfOneRow() {
    assertIsBad(
        Pictures.declaredPng(Integer.MAX_VALUE, 1),
        "its head declares 2147483647x1 = 2,147,483,647 pixels, data.max-pixels allows 1,048,576");
  }

  @Test
  void refusesPixelsThatTheFileCannotHold() {
    byte[] png = Pictures.declaredPng(1_000, 1_000);

    assertIsBad(png, "its head declares 1000x1000 pixels, which its 69 bytes cannot hold");
  }

  @Test
  void refusesAnotherFileInABmpFile() throws Exception {
    byte[] giant = Pictures.declaredPng(20_000, 20_000);
    byte[] bmp = Pictures.encode(Pictures.colours(5, 7), "bmp");
    byte[] both = Arrays.copyOf(bmp, 54 + giant.length);
    both[30] = 5; // compression: PNG
    System.arraycopy(giant, 0, both, 54, giant.length);

    assertIsBad(both, "its BMP data hold a JPEG or PNG file; give that file instead");
    both[30] = 4;
    assertIsBad(both, "its BMP data hold a JPEG or PNG file; give that file instead");
  }

  @Test
  void takesTheMostPixelsThatAFileCanHold() throws Exception {
    BufferedImage white = new BufferedImage(8_192, 4_096, BufferedImage.TYPE_BYTE_BINARY);
    byte[] png = Pictures.encode(white, "png");

    assertThat(png.length).isLessThan(8_192 * 4_096 / 6_000);
    assertThat(new ImageDecoder(1 << 25).decode(png).shape()).isEqualTo(new Shape(3, 4_096, 8_192));
  }

  @Test
  void refusesAJpegOfManyScans() throws IOException {
    byte[] whole = resource("rgb.jpg");
    byte[] scan = {(byte) 0xff, (byte) 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3};
    ByteArrayOutputStream scans = new ByteArrayOutputStream();
    scans.write(whole, 0, whole.length - 2);
    for (int k = 0; k < 100; k++) {
      scans.write(scan);
    }
    scans.write(whole, whole.length - 2, 2);

    assertIsBad(scans.toByteArray(), "its JPEG data have 101 scans, at most 100 are decoded");
  }

  @Test
  void refusesAGifWithoutAFrame() throws IOException {
    byte[] whole = resource("animated.gif");
    int table = 3 * (2 << (whole[10] & 7));
    byte[] gif = Arrays.copyOf(whole, 13 + table + 1);
    gif[13 + table] = ';';

    assertIsBad(gif, "its GIF data are damaged (there is no frame)");
  }

  @Test
  void refusesAScreenThatIsTooLarge() throws IOException {
    byte[] gif = resource("animated.gif");
    gif[7] = 0x10;
    gif[9] = 0x10;

    assertIsBad(
        gif, "its head declares 4120x4112 = 16,941,440 pixels, data.max-pixels allows 1,048,576");
  }

  @Test
  void refusesAJpegOfTwoComponents() throws IOException {
    byte[] jpeg = resource("grey.jpg");
    int at = 2;
    while (jpeg[at + 1] != (byte) 0xc0) {
      at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
    }
    byte[] two = new byte[jpeg.length + 3];
    System.arraycopy(jpeg, 0, two, 0, at + 13);
    System.arraycopy(jpeg, at + 10, two, at + 13, jpeg.length - at - 10);
    two[at + 3] = (byte) (two[at + 3] + 3);
    two[at + 9] = 2;

    assertIsBad(two, "its JPEG data have 2 components, expected 1, 3 or 4");
  }

  @Test
  void refusesNothing() {
    assertIsBad(new byte[0], "it is empty");
  }

  @Test
  void refusesWhatIsNoImage() {
    assertIsBad(
        "Not found".getBytes(UTF_8),
        "it begins like no PNG, JPEG, GIF, BMP, WebP, PNM or TIFF file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1234ftypavif | an AVIF image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "1234ftypheic | a HEIC image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "1234ftypmif1 | a HEIC image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "II+\\0 | a BigTIFF image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "MM\\0+ | a BigTIFF image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "P7 3 3 255 | a PAM image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "PF 3 3 1 | a PFM image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "\\377\\n | a JPEG XL image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "\\377O\\377Q | a JPEG 2000 image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "<?xml version='1.0'?><svg | an SVG image; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "%PDF-1.7 | a PDF file; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "<html>Not found</html> | a web page (HTML), as servers send it for an error",
        "<!DOCTYPE html> | a web page (HTML), as servers send it for an error",
        "version https://git-lfs.github.com/spec/v1 | a pointer of Git LFS; fetch the file itself with git lfs pull",
        "/annex/objects/SHA256E-s1 | a pointer of git-annex; fetch the file itself with git annex get",
        "\\37\\213\\10 | gzip data; unpack it",
        "PK\\3\\4 | a ZIP archive; unpack it",
        "PAR1 | a Parquet file; set data.format = table",
        "ORC | an ORC file; set data.format = table and data.table.format = orc",
        "\\211HDF\\r\\n | an HDF5 file; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "\\223NUMPY | a NumPy array; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read",
        "\\0\\5\\26\\7 | what macOS keeps beside a file (._…); delete it",
        "(\\265/\\375 | Zstandard data; unpack it",
      })
  void namesWhatIsGivenForAnImage(String head, String words) {
    byte[] file = (head.translateEscapes() + "and more").getBytes(ISO_8859_1);

    assertIsBad(file, "it is " + words);
  }

  @Test
  void refusesATruncatedJpeg() throws IOException {
    byte[] whole = resource("rgb.jpg");

    assertIsBad(Arrays.copyOf(whole, whole.length - 20), "its JPEG data are truncated");
    assertIsBad(Arrays.copyOf(whole, 20), "its JPEG data are truncated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif", "bmp"})
  void refusesATruncatedFile(String format) {
    byte[] whole = Pictures.encode(Pictures.colours(40, 40), format);

    for (int length : new int[] {10, 30, whole.length / 2}) {
      BadImageException bad = bad(Arrays.copyOf(whole, length));
      assertThat(bad).as("%s of %s bytes", format, length).isNotNull();
      assertThat(bad)
          .hasMessageStartingWith("its %s data are damaged (", format.toUpperCase(Locale.ROOT));
    }
  }

  @Test
  void refusesQuicklyAndWithoutMemory() throws Exception {
    byte[][] all = {
      Pictures.declaredPng(20_000, 20_000),
      Pictures.declaredPng(1_000, 1_000),
      new byte[0],
      Arrays.copyOf(resource("rgb.jpg"), 300),
      Arrays.copyOf(Pictures.encode(Pictures.colours(40, 40), "png"), 200)
    };
    for (byte[] image : all) {
      bad(image); // loads classes
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (byte[] image : all) {
      long bytes = threads.getCurrentThreadAllocatedBytes();
      long begin = System.nanoTime();
      assertThat(bad(image)).isNotNull();
      assertThat(System.nanoTime() - begin).isLessThan(100_000_000);
      assertThat(threads.getCurrentThreadAllocatedBytes() - bytes).isLessThan(10_000_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zTXt", "iCCP"})
  void inflatesNothingButPixels(String chunk) throws Exception {
    byte[] bomb = new byte[1 << 27];
    byte[] png = Pictures.greyPng(bytes(7), 0, 1, 1);
    byte[] loaded = Pictures.withDeflated(png, chunk, bomb);
    decoder.decode(png); // loads classes
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    assertThat(decoder.decode(loaded).values()).containsExactly(bytes(7));
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
  }

  private void assertIsBad(byte[] image, String reason) {
    assertThat(bad(image)).hasMessage(reason);
  }

  private BadImageException bad(byte[] image) {
    return catchThrowableOfType(BadImageException.class, () -> decoder.decode(image));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ImageDecoderTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int index = 0; index < values.length; index++) {
      bytes[index] = (byte) values[index];
    }
    return bytes;
  }
}
