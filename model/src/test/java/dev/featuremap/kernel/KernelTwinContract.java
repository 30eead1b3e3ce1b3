package dev.featuremap.kernel;

import java.util.List;
import java.util.function.BiConsumer;

/** What every kernel keeps: the vector twin gives the bits of the scalar one, inside its bounds. */
abstract class KernelTwinContract {
  static final Kernels SCALAR = KernelLookup.choose("scalar", new VectorSupport(true, ""));
  static final Kernels VECTOR = KernelLookup.choose("vector", new VectorSupport(true, ""));

  /** Runs both twins on copies of {@code arrays} and compares every array afterwards. */
  static void twinsAgree(BiConsumer<Kernels, List<Guarded>> run, Guarded... arrays) {
    List<Guarded> scalar = copies(arrays);
    List<Guarded> vector = copies(arrays);
    run.accept(SCALAR, scalar);
    run.accept(VECTOR, vector);
    for (int k = 0; k < arrays.length; k++) {
      scalar.get(k).hasIntactCanaries();
      vector.get(k).hasIntactCanaries();
      vector.get(k).hasTheBitsOf(scalar.get(k));
    }
  }

  private static List<Guarded> copies(Guarded[] arrays) {
    return List.of(arrays).stream().map(Guarded::copy).toList();
  }
}
