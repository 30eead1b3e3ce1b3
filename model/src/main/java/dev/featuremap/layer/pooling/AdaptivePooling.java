package dev.featuremap.layer.pooling;

import dev.featuremap.layer.Checks;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.window.Window;
import dev.featuremap.layer.window.WindowOptions;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.Optional;

/**
 * What the adaptive pooling layers share: the size of the output is given, and output row {@code i}
 * of {@code m} is made of the input rows from {@code floor(i · height / m)} to {@code ceil((i + 1)
 * · height / m)}, as PyTorch has it; columns alike. Neighbouring regions overlap where the input is
 * no multiple of the output.
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [channels, rows, columns]}.
 */
public interface AdaptivePooling extends LayerSpec {

  /** Rows and columns of the output. */
  Extent output();

  @Override
  default String summary() {
    return "to " + output().by();
  }

  @Override
  default Shape outputShape(Shape input) {
    return new Shape(input.channels(), output().rows(), output().columns());
  }

  /** The window that touches and does the same, where the input is a multiple of the output. */
  static Optional<Window> window(Extent output, Shape input) {
    if (input.height() % output.rows() != 0 || input.width() % output.columns() != 0) {
      return Optional.empty();
    }
    Extent size = new Extent(input.height() / output.rows(), input.width() / output.columns());
    return Optional.of(Window.touching(size));
  }

  /**
   * The first row or column of the region of output {@code place}: {@code floor(place · n / m)}.
   */
  static int start(int place, int places, int pixels) {
    return (int) ((long) place * pixels / places);
  }

  /** The one after its last: {@code ceil((place + 1) · n / m)}. */
  static int end(int place, int places, int pixels) {
    return (int) (((place + 1L) * pixels + places - 1) / places);
  }

  /** Rejects an output without pixels. */
  static void check(String type, Extent output) {
    Checks.range(type, "output", output.rows(), 1, Checks.LARGEST_SIDE);
    Checks.range(type, "output", output.columns(), 1, Checks.LARGEST_SIDE);
  }

  /** Reads {@code output}, which has no default. */
  static Extent read(Options options) {
    return WindowOptions.requiredSize(options, "output");
  }
}
