package dev.featuremap.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngFileTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void keepsEveryByte(int channels) throws BadImageException {
    byte[] bytes = new byte[channels * 2 * 5];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37);
    }
    Shape shape = new Shape(channels, 2, 5);

    byte[] file = PngFile.encode(new Pixels(shape, bytes));

    assertThat(new ImageDecoder(100).decode(file).values()).isEqualTo(bytes);
  }

  @Test
  void takesOneOrThreeChannels() {
    assertThatThrownBy(() -> PngFile.encode(new Pixels(new Shape(2, 1, 1), new byte[2])))
        .isInstanceOf(BadImageException.class)
        .hasMessage("PNG takes 1 or 3 channels, got 2");
  }

  @Test
  void takesAsManyBytesAsTheShapeHas() {
    assertThatThrownBy(() -> new Pixels(new Shape(1, 2, 2), new byte[3]))
        .hasMessage(
            "Cannot make an image of %s of 3 bytes: expected 4.".formatted(new Shape(1, 2, 2)));
  }
}
