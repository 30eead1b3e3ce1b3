package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * The same linear function of every activation, {@code out = factor · in + offset}, of which
 * nothing is learned. Imported networks have it where others write numbers into a graph.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = scale, factor = 0.5, offset = 1 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param factor any number but 0
 * @param offset any number
 */
public record Scale(double factor, double offset) implements Elementwise {
  public static final String TYPE = "scale";

  /** Rejects numbers that are not finite as floats, and a factor of 0. */
  public Scale {
    if (!isFactor(factor) || !isFinite(offset)) {
      throw new IllegalArgumentException(
          "Cannot make a scale layer: its factor must be a number other than 0 and its offset a number, got %s and %s."
              .formatted(factor, offset));
    }
  }

  /** Reads {@code factor}, by default 1, and {@code offset}, by default 0. */
  public static Scale read(Options options) {
    return new Scale(
        options.number("factor", 1, "a number other than 0", Scale::isFactor),
        options.number("offset", 0, "a number", Scale::isFinite));
  }

  private static boolean isFactor(double factor) {
    return (float) factor != 0 && isFinite(factor);
  }

  private static boolean isFinite(double number) {
    return Float.isFinite((float) number);
  }

  @Override
  public String summary() {
    String product = factor == 1 ? "" : "factor " + factor;
    String sum = offset == 0 ? "" : "offset " + offset;
    return product + (product.isEmpty() || sum.isEmpty() ? "" : ", ") + sum;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    float a = (float) factor;
    float b = (float) offset;
    return new ElementwiseLayer(
        input.blockSize(),
        (in, out, n) -> {
          for (int k = 0; k < n; k++) {
            out[k] = in[k] * a + b;
          }
        },
        (in, out, toOut, toIn, n) -> {
          for (int k = 0; k < n; k++) {
            toIn[k] = toOut[k] * a;
          }
        });
  }
}
