package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Neurons with a floor, a ceiling or both: {@code out = min(max(in, min), max)}, NaN stays NaN. The
 * gradient passes where {@code out} is between the two, as in PyTorch's {@code nn.Hardtanh}.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = clip, min = -1, max = 1 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param min the floor; negative infinity for none
 * @param max the ceiling, above {@code min}; infinity for none
 */
public record Clip(double min, double max) implements Elementwise {
  public static final String TYPE = "clip";

  /** Rejects bounds that leave nothing between them, also in single precision, and no bound. */
  public Clip {
    if (!isUsable(min, max)) {
      throw new IllegalArgumentException(
          "Cannot make a clip layer: it needs min, max or both, and min below max, got %s and %s."
              .formatted(min, max));
    }
  }

  private static boolean isUsable(double min, double max) {
    return (float) min < (float) max && (Double.isFinite(min) || Double.isFinite(max));
  }

  /** Reads {@code min} and {@code max}; either may be left out. */
  public static Clip read(Options options) {
    double min = bound(options, "min", Double.NEGATIVE_INFINITY);
    double max = bound(options, "max", Double.POSITIVE_INFINITY);
    if (isUsable(min, max)) {
      return new Clip(min, max);
    }
    boolean isSaid = options.has("min") || options.has("max");
    String got = text(min, max);
    // Bounds that are no numbers are problems already.
    if (!isSaid || !got.isEmpty()) {
      options.problem(
          "Cannot use %s: a clip layer needs min, max or both, and min below max%s."
              .formatted(options.where(), isSaid ? ", got " + got : ""));
    }
    return new Clip(0, 1);
  }

  private static double bound(Options options, String key, double none) {
    return options.number(
        key, none, "of single precision", bound -> Float.isFinite(bound.floatValue()));
  }

  @Override
  public String summary() {
    return text(min, max);
  }

  private static String text(double min, double max) {
    String from = Double.isFinite(min) ? "min " + min : "";
    String to = Double.isFinite(max) ? "max " + max : "";
    return from + (from.isEmpty() || to.isEmpty() ? "" : ", ") + to;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return Elementwise.clipped((float) min, (float) max, input, kernels);
  }
}
