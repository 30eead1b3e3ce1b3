package dev.featuremap.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.tensor.Shape;
import org.junit.jupiter.api.Test;

class ImageChunkTest {
  private static final Shape SHAPE = new Shape(1, 2, 2);

  @Test
  void givesRecordsLabelsAndPixelsByIndex() {
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8};
    ImageChunk chunk = new ImageChunk(SHAPE, new long[] {70, 71}, new int[] {3, 4}, pixels);

    assertThat(chunk.size()).isEqualTo(2);
    assertThat(chunk.imageBytes()).isEqualTo(SHAPE.size());
    assertThat(chunk.record(1)).isEqualTo(71);
    assertThat(chunk.label(1)).isEqualTo(4);
    assertThat(chunk.pixels()).isSameAs(pixels);
  }

  @Test
  void refusesArraysThatDoNotFitTogether() {
    assertThatThrownBy(() -> new ImageChunk(SHAPE, new long[2], new int[2], new byte[7]))
        .hasMessage(
            "Cannot join 2 records, 2 labels and 7 bytes of pixels to images of [1, 2, 2].");
    assertThatThrownBy(() -> new ImageChunk(SHAPE, new long[1], new int[2], new byte[8]))
        .hasMessage(
            "Cannot join 1 records, 2 labels and 8 bytes of pixels to images of [1, 2, 2].");
  }
}
