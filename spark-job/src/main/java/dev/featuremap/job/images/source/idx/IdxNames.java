package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.failure.JobException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * How the four files of a set are called: as those of MNIST, or with the name of the set before
 * them, as in {@code emnist-letters-train-images-idx3-ubyte}. Sets with names have {@code test} for
 * {@code t10k}; QMNIST's labels are {@code idx2-int}.
 */
final class IdxNames {
  private static final List<String> MNIST =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  private static final Pattern NAMED =
      Pattern.compile("(.+)-(?:train|t10k|test)-images[.-]idx3-ubyte(?:\\.gz)?");

  private static final Pattern EXTENDED = Pattern.compile(".*[.-]idx2-int(\\.gz)?");

  private IdxNames() {}

  /** True for labels of QMNIST. */
  static boolean isExtended(String name) {
    return EXTENDED.matcher(name).matches();
  }

  /** True for images of EMNIST, which have their rows and columns exchanged. */
  static boolean isTransposed(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith("emnist-");
  }

  /**
   * For each of the four files the names that it may have, those that are preferred first.
   *
   * @param present what is in the directory
   * @throws JobException with {@code USAGE} if there are files of several sets
   */
  static List<List<String>> of(Path directory, Set<String> present) {
    boolean plain = MNIST.stream().anyMatch(file -> found(spellings(file), present).isPresent());
    Set<String> sets = new TreeSet<>();
    for (String name : present) {
      Matcher named = NAMED.matcher(name);
      if (named.matches()) {
        sets.add(named.group(1));
      }
    }
    if (plain || sets.isEmpty()) {
      return MNIST.stream().map(IdxNames::spellings).toList();
    }
    if (sets.size() > 1) {
      throw JobException.usage(
          "Cannot tell which IDX files in %s to take: there are those of %s. Move those of one set into a directory of their own."
              .formatted(directory, String.join(", ", sets)));
    }
    String set = sets.iterator().next() + "-";
    return List.of(
        spellings(set + "train-images-idx3-ubyte"),
        labels(set + "train-labels-"),
        both(set + "test-images-idx3-ubyte", set + "t10k-images-idx3-ubyte"),
        join(labels(set + "test-labels-"), labels(set + "t10k-labels-")));
  }

  private static List<String> labels(String name) {
    return both(name + "idx1-ubyte", name + "idx2-int");
  }

  private static List<String> both(String first, String second) {
    return join(spellings(first), spellings(second));
  }

  private static List<String> join(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }

  private static List<String> spellings(String file) {
    String dotted = file.replace("-idx", ".idx");
    return Stream.of(file, dotted, file + ".gz", dotted + ".gz").toList();
  }

  /** The first of some names that is there. */
  static Optional<String> found(List<String> names, Set<String> present) {
    return names.stream().filter(present::contains).findFirst();
  }
}
