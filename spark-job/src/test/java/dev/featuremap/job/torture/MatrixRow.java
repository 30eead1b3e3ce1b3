package dev.featuremap.job.torture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where and how one run is trained.
 *
 * @param place {@code local[1]}, {@code local[2]}, {@code 2 executors} or {@code 4 executors}
 * @param jdk its feature version
 * @param kernels {@code scalar}, or the bytes of vectors
 * @param fault what happens to it
 */
record MatrixRow(String place, int jdk, String kernels, Fault fault) {
  static final List<String> PLACES = List.of("local[1]", "local[2]", "2 executors", "4 executors");
  private static final List<String> KERNELS = List.of("scalar", "16", "32", "64");

  /** What happens to a run. */
  enum Fault {
    NONE,
    EXECUTOR_KILLED,
    DRIVER_KILLED
  }

  /** How a run's result calls its kernels. */
  String kernelsReported() {
    return kernels.equals("scalar")
        ? kernels
        : "vector/%d lanes".formatted(Integer.parseInt(kernels) / Float.BYTES);
  }

  /** True if executors are processes of their own. */
  boolean isCluster() {
    return !place.startsWith("local");
  }

  /** Few rows in which every two settings that go together meet, clusters of a kind in a row. */
  static List<MatrixRow> pairwise(List<Integer> jdks) {
    List<MatrixRow> all = all(jdks);
    Set<String> missing = new HashSet<>();
    all.forEach(row -> missing.addAll(row.pairs()));
    List<MatrixRow> rows = new ArrayList<>();
    while (!missing.isEmpty()) {
      MatrixRow best = all.get(0);
      for (MatrixRow row : all) {
        if (row.gain(missing) > best.gain(missing)) {
          best = row;
        }
      }
      missing.removeAll(best.pairs());
      rows.add(best);
    }
    rows.sort(Comparator.comparing(MatrixRow::place).thenComparing(MatrixRow::jdk));
    return rows;
  }

  private static List<MatrixRow> all(List<Integer> jdks) {
    List<MatrixRow> all = new ArrayList<>();
    for (String place : PLACES) {
      for (int jdk : jdks) {
        for (String kernels : KERNELS) {
          for (Fault fault : Fault.values()) {
            MatrixRow row = new MatrixRow(place, jdk, kernels, fault);
            if (row.isCluster() || fault != Fault.EXECUTOR_KILLED) {
              all.add(row);
            }
          }
        }
      }
    }
    return all;
  }

  private long gain(Set<String> missing) {
    return pairs().stream().filter(missing::contains).count();
  }

  private List<String> pairs() {
    List<String> settings = List.of(place, "JDK " + jdk, kernels, fault.name());
    List<String> pairs = new ArrayList<>();
    for (int a = 0; a < settings.size(); a++) {
      for (int b = a + 1; b < settings.size(); b++) {
        pairs.add(settings.get(a) + " and " + settings.get(b));
      }
    }
    return pairs;
  }

  @Override
  public String toString() {
    String vectors = kernels.equals("scalar") ? kernels : "vectors of %s bytes".formatted(kernels);
    String what =
        fault == Fault.NONE ? "no fault" : fault.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return "%s, JDK %d, %s, %s".formatted(place, jdk, vectors, what);
  }
}
