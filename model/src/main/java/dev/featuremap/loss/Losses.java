package dev.featuremap.loss;

import java.util.List;

/** The losses a network file can name. */
public final class Losses {
  private static final List<Loss> ALL =
      List.of(new SoftmaxCrossEntropy(), new SigmoidCrossEntropy());

  private Losses() {}

  /** All names, the default first. */
  public static List<String> names() {
    return ALL.stream().map(Loss::name).toList();
  }

  /**
   * The loss of that name; losses have no state, so it may be shared.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Loss named(String name) {
    return ALL.stream()
        .filter(loss -> loss.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot use loss %s: expected one of %s."
                        .formatted(name, String.join(", ", names()))));
  }
}
