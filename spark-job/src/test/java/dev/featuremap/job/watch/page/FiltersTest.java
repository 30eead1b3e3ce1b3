package dev.featuremap.job.watch.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.image.Pixels;
import dev.featuremap.tensor.Shape;
import org.junit.jupiter.api.Test;

class FiltersTest {

  @Test
  void liesInRowsWithAGreyLineBetween() {
    byte[] three = {1, 2, 3, 4, 5, 6};

    Pixels mosaic = new Filters("w", new Shape(1, 1, 2), three).mosaic();

    byte grey = (byte) 128;
    assertThat(mosaic.shape()).isEqualTo(new Shape(1, 3, 5));
    assertThat(mosaic.values())
        .containsExactly(1, 2, grey, 3, 4, grey, grey, grey, grey, grey, 5, 6, grey, grey, grey);
  }

  @Test
  void keepsChannelsApart() {
    byte[] two = {1, 2, 3, 4, 5, 6};

    Pixels mosaic = new Filters("w", new Shape(3, 1, 1), two).mosaic();

    byte grey = (byte) 128;
    assertThat(mosaic.shape()).isEqualTo(new Shape(3, 1, 3));
    assertThat(mosaic.values()).containsExactly(1, grey, 4, 2, grey, 5, 3, grey, 6);
  }
}
