package dev.featuremap.job.models.importing;

import dev.featuremap.job.models.importing.Flow.Layout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Normalizations that graphs write as {@code (x − mean x) / √(mean (x − mean x)² + ε)}, as PyTorch
 * does below opset 17. The axes of the means say which one it is.
 */
final class NormalizationPatterns {
  /** A part that is no layer: a root. */
  static final String ROOT = "root";

  /** A part that is no layer: one divided by something. */
  static final String RECIPROCAL = "reciprocal";

  private static final String LAYER_NORM = "layer-norm";
  private static final String GROUP_NORM = "group-norm";
  private static final String INSTANCE_NORM = "instance-norm";

  private static final String MEAN = "mean";
  private static final String CENTERED = "centered";

  private NormalizationPatterns() {}

  /**
   * A mean over channels, or over all values of a group of them, which no layer computes alone.
   *
   * @param refusal why it cannot be said where it is no part of a normalization
   */
  static Flow mean(Place place, Flow input, boolean ofChannels, String refusal) {
    String type = ofChannels ? LAYER_NORM : GROUP_NORM;
    Map<String, Object> options = Map.of(MEAN, type, Elements.REFUSAL, refusal);
    return input.with(place.elements().part(place.node(), options, input.element()));
  }

  /** {@code x − mean x}. */
  static Optional<Flow> ofDifference(Place place, Flow left, Flow right) {
    return normalization(right.element(), left.element())
        .map(type -> place.part(left, CENTERED, type));
  }

  /** {@code (x − mean x) / √…}. */
  static Optional<Flow> ofQuotient(Place place, Flow left, Flow right) {
    return normalized(place, left, right.element());
  }

  /** {@code (x − mean x) · (1 / √…)}. */
  static Optional<Flow> ofProduct(Place place, Flow left, Flow right) {
    if (isPart(right.element(), RECIPROCAL)) {
      return normalized(place, left, right.element().input());
    }
    return isPart(left.element(), RECIPROCAL)
        ? normalized(place, right, left.element().input())
        : Optional.empty();
  }

  /** The normalization that takes such a mean; empty if it is none of {@code x}. */
  private static Optional<String> normalization(Element mean, Element x) {
    if (mean.inputs().isEmpty() || !mean.input().equals(x)) {
      return Optional.empty();
    }
    return mean.is("global-average-pool")
        ? Optional.of(INSTANCE_NORM)
        : Optional.of(mean)
            .filter(element -> isPart(element, MEAN))
            .map(element -> (String) element.options().get(MEAN));
  }

  private static Optional<Flow> normalized(Place place, Flow centered, Element root) {
    Element difference = centered.element();
    if (!isPart(difference, CENTERED) || !isPart(root, ROOT)) {
      return Optional.empty();
    }
    Element sum = root.input();
    boolean shifted = sum.is("scale") && !sum.options().containsKey("factor");
    if (!shifted || sum.input().inputs().isEmpty()) {
      return Optional.empty();
    }
    Element variance = sum.input();
    Element square = variance.input();
    String type = (String) difference.options().get(CENTERED);
    boolean fits =
        square.isProductOf(difference, difference)
            && normalization(variance, square).equals(Optional.of(type));
    return fits
        ? Optional.of(layer(place, centered, type, sum.options().get("offset")))
        : Optional.empty();
  }

  private static Flow layer(Place place, Flow centered, String type, Object epsilon) {
    Map<String, Object> options = new LinkedHashMap<>();
    if (type.equals(GROUP_NORM)) {
      options.put("groups", centered.layout() == Layout.GROUPED ? centered.groups() : 1);
    }
    if (!epsilon.equals(1e-5)) {
      options.put("epsilon", epsilon);
    }
    if (!type.equals(INSTANCE_NORM)) {
      options.put("affine", false);
    }
    return place.layer(centered, type, options, centered.element().input());
  }

  private static boolean isPart(Element element, String what) {
    return element.type() == null && element.options().containsKey(what);
  }
}
