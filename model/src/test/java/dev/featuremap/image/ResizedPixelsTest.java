package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What torchvision and TensorFlow make of the same images: {@code resized/make_references.py}. */
class ResizedPixelsTest {

  private record Reference(Resize resize, Pixels image, Shape target, byte[] values) {}

  static List<String> lines() throws IOException {
    try (InputStream in = ResizedPixelsTest.class.getResourceAsStream("resized/references.txt")) {
      return new String(in.readAllBytes(), US_ASCII).lines().toList();
    }
  }

  @Test
  void findsTheReferences() throws IOException {
    assertThat(lines()).hasSize(96);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void equalThoseOfTheLibrary(String line) {
    Reference reference = reference(line);

    byte[] found =
        new ImageFit(reference.target(), reference.resize()).apply(reference.image()).values();

    if (reference.resize().way() == Resize.Way.PILLOW) {
      assertThat(found).containsExactly(reference.values());
    } else {
      assertThat(found).hasSameSizeAs(reference.values());
      for (int k = 0; k < found.length; k++) {
        assertThat((found[k] & 0xff) - (reference.values()[k] & 0xff)).as("%d", k).isBetween(-1, 1);
      }
    }
  }

  /** An image whose other side would have more pixels than memory: only the centre is computed. */
  @Test
  void scalesNoMoreThanTheCentre() {
    byte[] values = new byte[2_000_000];
    Arrays.fill(values, (byte) 7);
    Resize resize = Resize.named("{ shorter = 60000, crop = 16 }").orElseThrow();

    Pixels found =
        new ImageFit(new Shape(1, 16, 16), resize)
            .apply(new Pixels(new Shape(1, 1, 2_000_000), values));

    assertThat(found.values()).containsOnly(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "stretch",
        "fit",
        "crop",
        "{ like = pillow }",
        "{ shorter = 256 }",
        "{ shorter = 256, crop = 224, filter = bicubic }",
        "{ like = tensorflow }",
        "{ like = tensorflow, crop-padding = 32, filter = bicubic }"
      })
  void haveOneText(String text) {
    assertThat(Resize.named(text).orElseThrow().settingName()).isEqualTo(text);
  }

  @Test
  void areToldApartByDirectories() {
    assertThat(Resize.CROP.name()).isEqualTo("CROP");
    assertThat(Resize.named("{shorter=8}").orElseThrow().name()).isEqualTo("{ shorter = 8 }");
    assertThat(Resize.named("{ shorter = eight }")).isEmpty();
    assertThat(Resize.named("{ shortest = 8 }")).isEmpty();
    assertThat(Resize.named("{")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ crop = 224 } | Cannot use data.resize.crop without data.resize.shorter: it cuts the centre out of the image that has been scaled. Set both, such as { shorter = 256, crop = 224 }.",
        "{ like = tensorflow, shorter = 9 } | Cannot use data.resize.shorter with like = tensorflow: TensorFlow's way has like, filter and crop-padding. Leave it out.",
        "{ like = tensorflow, crop = 9 } | Cannot use data.resize.crop with like = tensorflow: TensorFlow's way has like, filter and crop-padding. Leave it out.",
        "{ shorter = 9, crop-padding = 32 } | Cannot use data.resize.crop-padding without like = tensorflow: Pillow's way has shorter and crop. Add like = tensorflow, or leave it out.",
        "{ like = opencv } | Cannot use data.resize.like: expected one of pillow, tensorflow, got \"opencv\".",
        "{ shorter = 0 } | Cannot use data.resize.shorter: expected an integer from 1 to 65536, got 0.",
        "{ shorter = 9, filter = nearest } | Cannot use data.resize.filter: expected one of bilinear, bicubic, got \"nearest\".",
        "{ shorter = 9, corp = 8 } | Cannot use data.resize.corp: unknown key. Did you mean data.resize.crop?",
        "half | Cannot use data.resize: expected one of none, stretch, fit, crop, got \"half\".",
      })
  void namesWhatIsWrong(String value, String problem) {
    List<String> problems = new ArrayList<>();
    Options root = Options.ofText("data.resize = " + value, "", problems);
    Resize.read(root.section("data"), "resize");

    assertThat(problems).containsExactly(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ shorter = 9, crop = 8 } | 9 | 9 | Cannot use data.resize = { shorter = 9, crop = 8 }: images are to become 9x9 pixels. Set crop = 9.",
        "{ shorter = 9, crop = 8 } | 8 | 9 | Cannot use data.resize = { shorter = 9, crop = 8 }: images are to become 8x9 pixels. Set no crop.",
        "{ like = tensorflow, crop-padding = 32 } | 8 | 9 | Cannot use data.resize = { like = tensorflow, crop-padding = 32 }: images are to become 8x9 pixels. Set no crop-padding, which cuts squares.",
      })
  void refusesAWayThatLeadsElsewhere(String value, int height, int width, String problem) {
    Resize resize = Resize.named(value).orElseThrow();

    assertThatThrownBy(() -> new ImageFit(new Shape(3, height, width), resize))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(problem);
  }

  private static Reference reference(String line) {
    String[] parts = line.split(" \\| ", -1);
    String[] size = parts[1].split(" ", -1);
    String[] wanted = parts[2].split(" ", -1);
    return new Reference(
        Resize.named(parts[0]).orElseThrow(),
        picture(Integer.parseInt(size[0]), Integer.parseInt(size[1])),
        new Shape(3, Integer.parseInt(wanted[0]), Integer.parseInt(wanted[1])),
        HexFormat.of().parseHex(parts[3]));
  }

  /** Slopes, edges and noise, as the script draws them. */
  private static Pixels picture(int height, int width) {
    int plane = height * width;
    byte[] values = new byte[3 * plane];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        values[at] = (byte) ((x * 255 / width + y * 255 / height) / 2);
        values[plane + at] = (byte) ((x / 3 + y / 5) % 2 * 255);
        values[2 * plane + at] = (byte) (x * x * 31 + y * y * 57 + x * y * 13 + x + 7 * y);
      }
    }
    return new Pixels(new Shape(3, height, width), values);
  }
}
