package dev.featuremap.loss;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.featuremap.spec.NamedNumbers;
import dev.featuremap.spec.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How much images count in the loss, by their class.
 *
 * @param rule where the weights come from
 * @param beta of {@code effective}, 0 to below 1
 * @param listed weights by class, of {@code listed}
 * @param named weights by name of the class, of {@code named}; other classes have 1
 */
public record ClassWeighting(
    Rule rule, double beta, List<Double> listed, NavigableMap<String, Double> named) {
  /** All images count alike. */
  public static final ClassWeighting NONE =
      new ClassWeighting(Rule.NONE, 0, List.of(), new TreeMap<>());

  private static final String KEY = "class-weights";
  private static final List<String> WORDS = List.of("none", "inverse", "effective");
  private static final int MOST_NAMES = 12;

  /** Where weights come from. */
  public enum Rule {
    NONE,
    /** One over the images of the class. */
    INVERSE,
    /**
     * One over the effective number of the images of the class, {@code (1 - β^n) / (1 - β)} (Cui et
     * al. 2019, "Class-Balanced Loss Based on Effective Number of Samples", equation 2).
     */
    EFFECTIVE,
    LISTED,
    NAMED
  }

  /** Copies the weights. */
  public ClassWeighting {
    listed = List.copyOf(listed);
    named = new TreeMap<>(named);
  }

  /** Reads {@code class-weights} and {@code class-weights-beta}. */
  static ClassWeighting read(Options train) {
    double beta =
        train.number("class-weights-beta", "from 0 to below 1", share -> share >= 0 && share < 1);
    Optional<ConfigValue> value = train.value(KEY);
    if (value.filter(ConfigObject.class::isInstance).isPresent()) {
      NavigableMap<String, Double> named =
          NamedNumbers.read(train, KEY, "above 0", weight -> weight > 0);
      return new ClassWeighting(Rule.NAMED, beta, List.of(), named);
    }
    if (value.filter(ConfigList.class::isInstance).isPresent()) {
      List<Double> listed = train.numbers(KEY, List.of());
      if (listed.stream().anyMatch(weight -> weight <= 0)) {
        train.problem(
            "Cannot use %s: each weight must be above 0, got %s."
                .formatted(train.path(KEY), listed));
      }
      return new ClassWeighting(Rule.LISTED, beta, listed, new TreeMap<>());
    }
    Rule rule = Rule.values()[WORDS.indexOf(train.choice(KEY, WORDS))];
    return new ClassWeighting(rule, beta, List.of(), new TreeMap<>());
  }

  /** True where images of some classes count more than others. */
  public boolean weighs() {
    return rule != Rule.NONE;
  }

  /**
   * What is wrong with the weights for a network.
   *
   * @param section how messages name the section that they stand in
   */
  public List<String> problems(int classes, String section) {
    return rule == Rule.LISTED && listed.size() != classes
        ? List.of(
            "Cannot use %s.%s: the network has %s classes, got %s weights. Give one for each class, in the order of the labels."
                .formatted(section, KEY, classes, listed.size()))
        : List.of();
  }

  /**
   * What is wrong with the weights for images of classes with these names.
   *
   * @param names in the order of classes; empty where classes have none but their numbers
   * @param classes of the network
   */
  public Optional<String> problem(List<String> names, int classes) {
    List<String> known = names.isEmpty() ? numbers(classes) : names;
    return named.keySet().stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .map(
            name ->
                "Cannot use train.%s: no class is called \"%s\". The images have %s%s."
                    .formatted(
                        KEY,
                        name,
                        String.join(", ", known.subList(0, Math.min(MOST_NAMES, known.size()))),
                        known.size() > MOST_NAMES
                            ? " and %s more".formatted(known.size() - MOST_NAMES)
                            : ""));
  }

  private static List<String> numbers(int classes) {
    return IntStream.range(0, classes).mapToObj(String::valueOf).toList();
  }

  /**
   * The weights by class, scaled so that their mean over all images is 1. A class without images
   * has none, 0, unless it is given.
   *
   * @param images of each class; classes behind the last have none
   * @param names in the order of classes; empty where classes have none but their numbers
   * @param classes of the network
   */
  public float[] weights(long[] images, List<String> names, int classes) {
    double[] raw = new double[classes];
    double sum = 0;
    long total = 0;
    for (int c = 0; c < classes; c++) {
      long count = c < images.length ? images[c] : 0;
      raw[c] = raw(c, count, names);
      sum += count * raw[c];
      total += count;
    }
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = (float) (raw[c] * (total / sum));
    }
    return weights;
  }

  private double raw(int label, long images, List<String> names) {
    return switch (rule) {
      case NONE -> 1;
      case INVERSE -> images == 0 ? 0 : 1.0 / images;
      case EFFECTIVE -> images == 0 ? 0 : (1 - beta) / (1 - StrictMath.pow(beta, (double) images));
      case LISTED -> listed.get(label);
      case NAMED ->
          named.getOrDefault(label < names.size() ? names.get(label) : String.valueOf(label), 1.0);
    };
  }

  /** As settings have it, for people. */
  @Override
  public String toString() {
    return switch (rule) {
      case NONE, INVERSE -> Options.word(rule);
      case EFFECTIVE -> "effective, beta %s".formatted(beta);
      case LISTED, NAMED -> "given";
    };
  }

  /** A line of the weights of the first classes, for people. */
  public String line(float[] weights, List<String> names) {
    List<String> shown = new ArrayList<>();
    for (int c = 0; c < Math.min(MOST_NAMES, weights.length); c++) {
      String name = c < names.size() ? names.get(c) : String.valueOf(c);
      shown.add(String.format(Locale.ROOT, "%s %.3g", name, weights[c]));
    }
    return "class weights (%s): %s%s"
        .formatted(this, String.join(", ", shown), weights.length > MOST_NAMES ? ", …" : "");
  }
}
