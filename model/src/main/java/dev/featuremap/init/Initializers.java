package dev.featuremap.init;

import dev.featuremap.spec.Options;
import java.util.List;

/** The initializers that a network file can name. */
public final class Initializers {
  private static final List<Initializer> KNOWN =
      List.of(
          new Zeros(),
          new Ones(),
          new HeNormal(),
          new HeUniform(),
          new GlorotNormal(),
          new GlorotUniform(),
          new LeCunNormal(),
          new UnitNormal());

  private Initializers() {}

  /** The names of all initializers. */
  public static List<String> names() {
    return KNOWN.stream().map(Initializer::name).toList();
  }

  /**
   * The initializer named under {@code key}; {@code fallback} if absent or, with a problem, bad.
   */
  public static Initializer read(Options options, String key, Initializer fallback) {
    String name = options.choice(key, fallback.name(), names().toArray(String[]::new));
    return KNOWN.stream()
        .filter(initializer -> initializer.name().equals(name))
        .findFirst()
        .orElse(fallback);
  }
}
