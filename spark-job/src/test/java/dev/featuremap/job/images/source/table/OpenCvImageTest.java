package dev.featuremap.job.images.source.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.image.Pixels;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.tensor.Shape;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class OpenCvImageTest {
  private static final byte[] BGR = {1, 2, 3, 4, 5, 6};
  private static final byte[] BGRA = {1, 2, 3, 9, 4, 5, 6, 9};

  @Test
  void putsRedFirstAndDropsAlpha() throws BadImageException {
    for (ImageContent content :
        new ImageContent[] {image(1, 2, 3, 16, BGR), image(1, 2, 4, 24, BGRA)}) {
      Pixels pixels = content.pixels(new ImageDecoder(100));

      assertThat(pixels.shape()).isEqualTo(new Shape(3, 1, 2));
      assertThat(pixels.values()).containsExactly(3, 6, 2, 5, 1, 4);
    }
  }

  @Test
  void leavesGreyAsItIs() throws BadImageException {
    Pixels pixels = image(2, 3, 1, 0, BGR).pixels(new ImageDecoder(100));

    assertThat(pixels.shape()).isEqualTo(new Shape(1, 2, 3));
    assertThat(pixels.values()).containsExactly(BGR);
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(image(-1, -1, -1, -1, new byte[0]))
        .isEqualTo(
            unusable(
                "its image must have OpenCV's type 0, 16 or 24 with 1, 3 or 4 channels, got -1 with -1"));
    assertThat(image(1, 2, 3, 21, BGR))
        .isEqualTo(
            unusable(
                "its image must have OpenCV's type 0, 16 or 24 with 1, 3 or 4 channels, got 21 with 3"));
    assertThat(image(1 << 16, 1 << 16, 1, 0, BGR))
        .isEqualTo(
            unusable("its image has 65536x65536 pixels, expected 1 to 100 (data.max-pixels)"));
    assertThat(image(2, 2, 3, 16, BGR))
        .isEqualTo(unusable("its image of 2x2 pixels and 3 channels has 6 bytes, expected 12"));
    assertThat(OpenCvImage.content(RowFactory.create("a", 1, 2, 3, 16, null), 100))
        .isEqualTo(unusable("its image has no data"));
  }

  private static ImageContent image(int height, int width, int channels, int mode, byte[] data) {
    return OpenCvImage.content(RowFactory.create("a", height, width, channels, mode, data), 100);
  }

  private static ImageContent unusable(String reason) {
    return new ImageContent.Unusable(reason);
  }
}
