package dev.featuremap.layer.convolution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StrideTapsTest {

  @Test
  void theMiddleTapAloneMeetsEvenPixels() {
    StrideTaps even = StrideTaps.of(3, 2, 1, 0, 8);

    assertThat(even).isEqualTo(new StrideTaps(1, 2, 1, 0, 0, 4));
    assertThat(even.turned(0)).isEqualTo(1);
  }

  @Test
  void theOuterTapsMeetOddPixelsTheLastOneFirst() {
    StrideTaps odd = StrideTaps.of(3, 2, 1, 1, 8);

    assertThat(odd).isEqualTo(new StrideTaps(0, 2, 2, 0, 1, 4));
    assertThat(odd.turned(0)).isEqualTo(2);
    assertThat(odd.turned(1)).isZero();
    assertThat(odd.places()).isEqualTo(5);
    assertThat(odd.pixel(3)).isEqualTo(7);
  }

  @Test
  void noTapMeetsPixelsBetweenFieldsOfOne() {
    assertThat(StrideTaps.of(1, 2, 0, 0, 5).count()).isEqualTo(1);
    assertThat(StrideTaps.of(1, 2, 0, 1, 5).count()).isZero();
  }

  @Test
  void gradientsOfFieldsInThePaddingAloneMeetNoPixel() {
    assertThat(StrideTaps.of(2, 2, 4, 0, 6).before()).isEqualTo(-2);
  }
}
