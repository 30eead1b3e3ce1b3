package dev.featuremap.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Chooses the kernels of this JVM once: the Vector API where its module is present and its vectors
 * are compiled, scalar loops otherwise, with a warning that says what to change. Both give the same
 * bits.
 *
 * <p>The system property {@value #PROPERTY} with value {@code scalar} or {@code vector} overrides
 * the choice.
 */
public final class KernelLookup {
  /** {@code scalar}, {@code vector}, or absent for the best that is there. */
  public static final String PROPERTY = "featuremap.kernels";

  private static final String SCALAR = "dev.featuremap.kernel.scalar.ScalarKernels";
  private static final String VECTOR = "dev.featuremap.kernel.vector.VectorKernels";

  private static final Logger LOGGER = System.getLogger(KernelLookup.class.getName());

  private KernelLookup() {}

  /** The kernels of this JVM. */
  public static Kernels kernels() {
    return Holder.KERNELS;
  }

  private static final class Holder {
    static final Kernels KERNELS =
        choose(System.getProperty(PROPERTY, "best"), VectorSupport.ofThisJvm());
  }

  static Kernels choose(String wanted, VectorSupport vectors) {
    return switch (wanted) {
      case "scalar" -> load(SCALAR);
      case "vector" -> {
        if (!vectors.present()) {
          throw new IllegalStateException(
              "Cannot use vector kernels: the module jdk.incubator.vector is absent. "
                  + vectors.remedy());
        }
        Kernels kernels = load(VECTOR);
        if (!vectors.isFast()) {
          warn(
              kernels,
              "training is many times slower than with scalar kernels, since this JVM does not"
                  + " compile vectors",
              vectors);
        }
        yield kernels;
      }
      case "best" -> {
        Kernels kernels = load(vectors.isFast() ? VECTOR : SCALAR);
        if (!vectors.isFast()) {
          warn(kernels, "training is many times slower than with vectors", vectors);
        }
        yield kernels;
      }
      default ->
          throw new IllegalArgumentException(
              "Cannot choose kernels: %s must be scalar or vector, got %s."
                  .formatted(PROPERTY, wanted));
    };
  }

  private static void warn(Kernels kernels, String loss, VectorSupport vectors) {
    LOGGER.log(Level.WARNING, "kernels=" + kernels.name() + ": " + loss + ". " + vectors.remedy());
  }

  /** By name, since this package imports none of those that implement it. */
  private static Kernels load(String implementation) {
    try {
      return Class.forName(implementation).asSubclass(Kernels.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("Cannot load the kernels " + implementation + ": " + e, e);
    }
  }
}
