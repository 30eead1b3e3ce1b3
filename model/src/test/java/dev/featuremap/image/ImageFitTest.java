package dev.featuremap.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFitTest {

  @ParameterizedTest
  @CsvSource({
    "255,   0,   0,  76",
    "  0, 255,   0, 150",
    "  0,   0, 255,  29",
    " 17,  17,  17,  17",
    "255, 255, 255, 255",
  })
  void takesTheLumaOfColour(int red, int green, int blue, int grey) {
    assertThat(fit(1, 1, 1, Resize.NONE, image(3, 1, 1, red, green, blue))).containsExactly(grey);
  }

  @Test
  void repeatsGreyInEachChannel() {
    assertThat(fit(3, 1, 2, Resize.NONE, image(1, 1, 2, 5, 250)))
        .containsExactly(5, 250, 5, 250, 5, 250);
  }

  @Test
  void averagesAreasToFewerPixels() {
    // Each target pixel covers 1.5 source pixels: (2·10 + 40) / 3 and (40 + 2·100) / 3.
    assertThat(fit(1, 1, 2, Resize.STRETCH, image(1, 1, 3, 10, 40, 100))).containsExactly(20, 80);
  }

  @Test
  void averagesBothAxesBeforeItRounds() {
    assertThat(fit(1, 1, 1, Resize.STRETCH, image(1, 2, 2, 0, 1, 0, 1))).containsExactly(1);
    assertThat(fit(1, 1, 1, Resize.STRETCH, image(1, 2, 2, 0, 1, 0, 0))).containsExactly(0);
  }

  @Test
  void drawsLinesToMorePixels() {
    // Centres at -1/4, 1/4, 3/4 and 5/4 of the source.
    assertThat(fit(1, 1, 4, Resize.STRETCH, image(1, 1, 2, 0, 100)))
        .containsExactly(0, 25, 75, 100);
  }

  @Test
  void keepsAnEvenImageEvenAtAnySize() {
    int[] even = new int[7 * 5];
    Arrays.fill(even, 201);
    for (int side = 1; side < 20; side++) {
      int[] fitted = fit(1, side, 20 - side, Resize.STRETCH, image(1, 7, 5, even));
      assertThat(fitted).hasSize(side * (20 - side)).containsOnly(201);
    }
  }

  @Test
  void fitsBetweenZeros() {
    assertThat(fit(1, 3, 3, Resize.FIT, image(1, 1, 3, 7, 8, 9)))
        .containsExactly(0, 0, 0, 7, 8, 9, 0, 0, 0);
    assertThat(fit(1, 2, 4, Resize.FIT, image(1, 4, 4, new int[16]))).hasSize(8);
    assertThat(fit(1, 2, 3, Resize.FIT, image(1, 2, 1, 7, 9))).containsExactly(0, 7, 0, 0, 9, 0);
  }

  @Test
  void cropsTheCentre() {
    assertThat(fit(1, 1, 1, Resize.CROP, image(1, 1, 3, 7, 8, 9))).containsExactly(8);
    assertThat(fit(1, 2, 2, Resize.CROP, image(1, 2, 4, 1, 2, 3, 4, 5, 6, 7, 8)))
        .containsExactly(2, 3, 6, 7);
    assertThat(fit(1, 1, 3, Resize.CROP, image(1, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9)))
        .containsExactly(4, 5, 6);
  }

  @Test
  void cropsAGiantOfOneRowWithoutMemory() {
    assertThat(fit(1, 224, 224, Resize.CROP, image(1, 1, 1 << 20, new int[1 << 20])))
        .hasSize(224 * 224);
  }

  @Test
  void takesOtherSizesOnlyToResizeThem() {
    Shape target = new Shape(1, 2, 2);

    assertThat(new ImageFit(target, Resize.NONE).takes(new Shape(3, 2, 2))).isTrue();
    assertThat(new ImageFit(target, Resize.NONE).takes(new Shape(1, 2, 3))).isFalse();
    assertThat(new ImageFit(target, Resize.FIT).takes(new Shape(1, 2, 3))).isTrue();
    assertThat(new ImageFit(target, Resize.FIT).takes(new Shape(2, 2, 2))).isFalse();
  }

  private static int[] fit(int channels, int height, int width, Resize resize, Pixels image) {
    ImageFit fit = new ImageFit(new Shape(channels, height, width), resize);
    assertThat(fit.takes(image.shape())).isTrue();
    Pixels fitted = fit.apply(image);
    assertThat(fitted.shape()).isEqualTo(new Shape(channels, height, width));
    int[] values = new int[fitted.values().length];
    Arrays.setAll(values, index -> fitted.values()[index] & 0xff);
    return values;
  }

  private static Pixels image(int channels, int height, int width, int... values) {
    byte[] bytes = new byte[values.length];
    for (int index = 0; index < values.length; index++) {
      bytes[index] = (byte) values[index];
    }
    return new Pixels(new Shape(channels, height, width), bytes);
  }
}
