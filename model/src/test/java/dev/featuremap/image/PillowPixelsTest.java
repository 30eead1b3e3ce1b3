package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The images of {@code pixels/make_images.py}, with the pixels that Pillow gives beside each. */
class PillowPixelsTest {
  private final ImageDecoder decoder = new ImageDecoder(1 << 20);

  static List<String> images() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".ppm"))
          .map(name -> name.substring(0, name.length() - ".ppm".length()))
          .sorted()
          .toList();
    }
  }

  @Test
  void findsTheImages() throws IOException {
    assertThat(images()).hasSizeGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("images")
  void givesThePixelsOfPillow(String name) throws Exception {
    decoder.checkHead(Files.readAllBytes(directory().resolve(name)));
    Pixels found = decoder.decode(Files.readAllBytes(directory().resolve(name)));
    Pixels expected = ppm(Files.readAllBytes(directory().resolve(name + ".ppm")));

    assertThat(found.shape().height()).isEqualTo(expected.shape().height());
    assertThat(found.shape().width()).isEqualTo(expected.shape().width());
    assertThat(rgb(found)).containsExactly(expected.values());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.png", "2.webp", "3.jpg", "4.png", "5.webp", "6.jpg", "7.png", "8.webp"})
  void turnsPicturesAsTheirExifDataSayWhereAskedTo(String name) throws Exception {
    byte[] file = Files.readAllBytes(directory().resolve("upright").resolve(name));
    Pixels expected =
        ppm(Files.readAllBytes(directory().resolve("upright").resolve(name + ".ppm")));

    Pixels found = new ImageDecoder(1 << 20, true).decode(file);

    assertThat(found.shape().height()).isEqualTo(expected.shape().height());
    assertThat(found.shape().width()).isEqualTo(expected.shape().width());
    assertThat(rgb(found)).containsExactly(expected.values());
    assertThat(decoder.decode(file).shape().width()).isEqualTo(13);
  }

  @Test
  void leavesAPictureWhoseExifDataAreDamagedAsItIs() throws Exception {
    byte[] file = Files.readAllBytes(directory().resolve("upright/6.jpg"));
    int tiff = new String(file, ISO_8859_1).indexOf("Exif\0\0") + 6;
    file[tiff + 4] = 127;

    assertThat(new ImageDecoder(1 << 20, true).decode(file).shape().width()).isEqualTo(13);
  }

  /** Whatever is cut off, no pixels are made up. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lossy.webp",
        "lossless.webp",
        "raw-colours.pnm",
        "plain.pgm",
        "plain.pbm",
        "plain.tif"
      })
  void refusesWhatIsCutOff(String name) throws Exception {
    byte[] file = Files.readAllBytes(directory().resolve(name));

    for (int bytes : new int[] {9, 13, 30, file.length / 2}) {
      assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(file, bytes)))
          .as("%d bytes", bytes)
          .isInstanceOf(BadImageException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "256 | 0 | its TIFF data are damaged (tag 256 must be at least 1, got 0)",
        "258 | 3000000 | its TIFF data are damaged (the values of tag 258 are not in the file)",
        "259 | 34925 | it is a TIFF image that is compressed by LZMA, which is not read; convert it to PNG",
        "259 | 9 | it is a TIFF image that is compressed by a way with the number 9, which is not read; convert it to PNG",
        "262 | 8 | it is a TIFF image that has colours of kind 8 (tag 262), which is not read; convert it to PNG",
        "277 | 2 | it is a TIFF image that has 2 samples a pixel, which is not read; convert it to PNG",
      })
  void saysOfATiffWhyItIsNotRead(int tag, int value, String message) throws Exception {
    byte[] file = Files.readAllBytes(directory().resolve("plain.tif"));
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int directory = bytes.getInt(4);
    for (int k = 0; k < bytes.getShort(directory); k++) {
      int entry = directory + 2 + 12 * k;
      if (bytes.getShort(entry) == tag) {
        bytes.putInt(entry + 8, value);
      }
    }

    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOf(BadImageException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> decoder.checkHead(file)).hasMessage(message);
  }

  @Test
  void refusesImagesThatAreTooLarge() throws Exception {
    ImageDecoder small = new ImageDecoder(100);
    for (String name :
        List.of("lossy.webp", "lossless.webp", "animated.webp", "raw.pgm", "tiles.tif")) {
      byte[] file = Files.readAllBytes(directory().resolve(name));
      assertThatThrownBy(() -> small.checkHead(file))
          .isInstanceOf(BadImageException.class)
          .hasMessageContaining("data.max-pixels allows 100");
      assertThatThrownBy(() -> small.decode(file)).isInstanceOf(BadImageException.class);
    }
  }

  @Test
  void ignoresTheProfileOfAWideGamut() throws Exception {
    Pixels wide = decoder.decode(Files.readAllBytes(directory().resolve("icc-wide-gamut.jpg")));
    Pixels none = decoder.decode(Files.readAllBytes(directory().resolve("icc-none.jpg")));

    assertThat(wide.values()).containsExactly(none.values());
  }

  /** Three channels, whatever the image has. */
  private static byte[] rgb(Pixels image) {
    byte[] values = image.values();
    if (image.shape().channels() == 3) {
      return values;
    }
    byte[] rgb = Arrays.copyOf(values, 3 * values.length);
    System.arraycopy(values, 0, rgb, values.length, values.length);
    System.arraycopy(values, 0, rgb, 2 * values.length, values.length);
    return rgb;
  }

  /** An image of the format that Pillow writes: a head in text, then red, green and blue. */
  private static Pixels ppm(byte[] file) {
    int at = 0;
    for (int lines = 0; lines < 3; at++) {
      lines += file[at] == '\n' ? 1 : 0;
    }
    String[] size = new String(file, 0, at, US_ASCII).split("\\s", -1);
    int width = Integer.parseInt(size[1]);
    int height = Integer.parseInt(size[2]);
    byte[] values = new byte[3 * width * height];
    for (int k = 0; k < values.length; k++) {
      values[k % 3 * width * height + k / 3] = file[at + k];
    }
    return new Pixels(new Shape(3, height, width), values);
  }

  private static Path directory() {
    try {
      return Path.of(PillowPixelsTest.class.getResource("pixels").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
