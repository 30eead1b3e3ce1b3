package dev.featuremap.layer.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {

  /**
   * TensorFlow: out = ceil(n / s), total = max((out - 1) · s + k - n, 0), the smaller half first.
   */
  @ParameterizedTest
  @CsvSource({
    "224, 3, 2, 0, 1, 112",
    "225, 3, 2, 1, 1, 113",
    "7, 3, 1, 1, 1, 7",
    "7, 4, 1, 1, 2, 7",
    "6, 1, 3, 0, 0, 2",
    "5, 2, 3, 0, 0, 2",
    "112, 5, 2, 1, 2, 56",
    "1, 7, 2, 3, 3, 1"
  })
  void samePaddingIsThatOfTensorflow(
      int pixels, int window, int stride, int before, int after, int places) {
    Window same =
        new Window(
            new Extent(window, 1), new Extent(stride, 1), Extent.ONE, Optional.empty(), false);
    Shape input = new Shape(1, pixels, 4);

    assertThat(same.padding(input)).isEqualTo(new Padding(before, 0, after, 0));
    assertThat(same.places(input)).isEqualTo(new Extent(places, 4));
  }

  @Test
  void samePaddingCountsTheSpanOfADilatedWindow() {
    Window same =
        new Window(Extent.square(3), Extent.square(2), new Extent(2, 3), Optional.empty(), false);
    // Spans of 5 and 7 over 8 pixels: 4 places, (4 - 1) · 2 + 5 - 8 = 3 and 5 pixels of padding.
    assertThat(same.padding(new Shape(1, 8, 8))).isEqualTo(new Padding(1, 2, 2, 3));
  }

  /** PyTorch: the quotient is rounded up, and the last window starts in the map or before it. */
  @ParameterizedTest
  @CsvSource({
    "6, 3, 2, 0, 0, false, 2",
    "6, 3, 2, 0, 0, true, 3",
    "7, 3, 2, 0, 0, true, 3",
    "112, 3, 2, 0, 0, true, 56",
    "4, 2, 3, 1, 1, true, 2",
    "6, 2, 3, 1, 1, true, 3",
    "5, 2, 3, 1, 1, true, 2",
    "1, 2, 2, 0, 0, true, 1",
    "2, 3, 1, 0, 0, true, 0",
    "5, 1, 3, 0, 0, true, 2",
    "5, 1, 3, 0, 2, true, 2",
    "5, 1, 3, 0, 2, false, 3"
  })
  void ceilModeIsThatOfPytorch(
      int pixels, int window, int stride, int before, int after, boolean ceil, int places) {
    Window sliding =
        new Window(
            new Extent(1, window),
            new Extent(1, stride),
            Extent.ONE,
            Optional.of(new Padding(0, before, 0, after)),
            ceil);

    assertThat(sliding.places(new Shape(1, 4, pixels))).isEqualTo(new Extent(4, places));
  }

  @Test
  void reachesAsFarAsItsLastPlaces() {
    Window ceil =
        new Window(
            new Extent(3, 2),
            new Extent(2, 2),
            Extent.ONE,
            Optional.of(new Padding(0, 1, 1, 1)),
            true);
    assertThat(ceil.reach(new Shape(1, 7, 6))).isEqualTo(new Padding(0, 1, 2, 1));
    assertThat(ceil.reach(new Shape(1, 6, 6))).isEqualTo(new Padding(0, 1, 1, 1));
  }

  @Test
  void writesPaddingsAsNetworkFilesHaveThem() {
    assertThat(Padding.of(2, 2)).hasToString("2");
    assertThat(Padding.of(1, 2)).hasToString("[1, 2]");
    assertThat(new Padding(0, 1, 1, 0)).hasToString("[0, 1, 1, 0]");
    assertThat(new Extent(2, 1)).hasToString("[2, 1]");
  }
}
