package dev.featuremap.layer.normalization;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Checks;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Local response normalization: {@code out[c] = in[c] / (k + α / size · Σ in[i]²)^β}, summed over
 * the channels {@code i} from {@code c - size / 2} to {@code c + (size - 1) / 2} of the same pixel
 * that exist (Krizhevsky, Sutskever and Hinton 2012, "ImageNet classification with deep
 * convolutional neural networks", section 3.3, whose α is not divided by the size; PyTorch's, and
 * that of Caffe, is).
 *
 * <p>Fast where {@code 4 · β} is a whole number, as in 0.75: it then takes roots only.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = local-response-norm, size = 5, k = 2 }  # [96, 8, 8] → [96, 8, 8]
 * }</pre>
 *
 * @param size channels that are summed, at least 1
 * @param alpha α, at least 0
 * @param beta β, from 0 to 10
 * @param k above 0
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k)
    implements LayerSpec {
  public static final String TYPE = "local-response-norm";

  private static final double ALPHA = 1e-4;
  private static final double BETA = 0.75;
  private static final double K = 1;
  private static final double LARGEST_BETA = 10;

  /** Rejects numbers out of range. */
  public LocalResponseNorm {
    Checks.range(TYPE, "size", size, 1, Integer.MAX_VALUE);
    if (!isAlpha(alpha) || !isBeta(beta) || !isK(k)) {
      throw new IllegalArgumentException(
          "Cannot make a local-response-norm layer: its alpha must be at least 0, its beta from 0 to 10 and its k above 0, got %s, %s and %s."
              .formatted(alpha, beta, k));
    }
  }

  private static boolean isAlpha(double alpha) {
    return alpha >= 0 && alpha <= Float.MAX_VALUE;
  }

  private static boolean isBeta(double beta) {
    return beta >= 0 && beta <= LARGEST_BETA;
  }

  private static boolean isK(double k) {
    return k >= Float.MIN_NORMAL && k <= Float.MAX_VALUE;
  }

  /** Reads {@code size}, {@code alpha}, {@code beta} and {@code k}; defaults are PyTorch's. */
  public static LocalResponseNorm read(Options options) {
    return new LocalResponseNorm(
        options.requiredInteger("size", 1),
        options.number("alpha", ALPHA, "of at least 0", LocalResponseNorm::isAlpha),
        options.number("beta", BETA, "from 0 to 10", LocalResponseNorm::isBeta),
        options.number("k", K, "above 0", LocalResponseNorm::isK));
  }

  /** The first channel of the sum for channel {@code c}. */
  int first(int c) {
    return Math.max(0, c - size / 2);
  }

  /** The channel behind the sum for channel {@code c} of so many. */
  int end(int c, int channels) {
    return Math.min(channels, c + (size - 1) / 2 + 1);
  }

  @Override
  public String summary() {
    List<String> parts = new ArrayList<>(List.of("size " + size));
    append(parts, "alpha", alpha, ALPHA);
    append(parts, "beta", beta, BETA);
    append(parts, "k", k, K);
    return String.join(", ", parts);
  }

  private static void append(List<String> parts, String name, double value, double usual) {
    if (value != usual) {
      parts.add(name + " " + value);
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new LocalResponseNormLayer(this, input);
  }
}
