package dev.featuremap.job.images.source;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Stream;

/** What lies among images and is none of them: how much, and the first of it by name. Travels. */
public final class PassedOver implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Nothing. */
  public static final PassedOver NONE = new PassedOver(0, Stream.empty());

  private static final int SHOWN = 5;

  private final long count;
  private final String[] first;

  private PassedOver(long count, Stream<String> names) {
    this.count = count;
    this.first = names.sorted().limit(SHOWN).toArray(String[]::new);
  }

  /** All of these. */
  public static PassedOver of(Collection<String> names) {
    return new PassedOver(names.size(), names.stream());
  }

  /**
   * So many.
   *
   * @param first the names of some of them, or of all
   */
  public static PassedOver of(long count, Collection<String> first) {
    return new PassedOver(count, first.stream());
  }

  /** These and others. */
  public PassedOver plus(PassedOver other) {
    return new PassedOver(
        count + other.count, Stream.concat(Arrays.stream(first), Arrays.stream(other.first)));
  }

  /** How much. */
  public long count() {
    return count;
  }

  /** Some of the names, and how many more there are; empty where nothing is passed over. */
  @Override
  public String toString() {
    String names = String.join(", ", first);
    return count <= first.length
        ? names
        : String.format(Locale.ROOT, "%s … and %,d more", names, count - first.length);
  }
}
