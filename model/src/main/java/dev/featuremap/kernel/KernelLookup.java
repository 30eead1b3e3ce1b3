package dev.featuremap.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Chooses the kernels of this JVM once: the Vector API where its module is present, scalar loops
 * otherwise.
 *
 * <p>The system property {@value #PROPERTY} with value {@code scalar} or {@code vector} overrides
 * the choice.
 */
public final class KernelLookup {
  /** {@code scalar}, {@code vector}, or absent for the best that is there. */
  public static final String PROPERTY = "featuremap.kernels";

  private static final Logger LOGGER = System.getLogger(KernelLookup.class.getName());

  private KernelLookup() {}

  /** The kernels of this JVM. */
  public static Kernels kernels() {
    return Holder.KERNELS;
  }

  private static final class Holder {
    static final Kernels KERNELS =
        choose(
            System.getProperty(PROPERTY, "best"),
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
  }

  static Kernels choose(String wanted, boolean present) {
    return switch (wanted) {
      case "scalar" -> new ScalarKernels();
      case "vector" -> {
        if (!present) {
          throw new IllegalStateException(
              "Cannot use vector kernels: the module jdk.incubator.vector is absent. Start the JVM"
                  + " with --add-modules=jdk.incubator.vector.");
        }
        yield vectorKernels();
      }
      case "best" -> present ? vectorKernels() : scalarWithWarning();
      default ->
          throw new IllegalArgumentException(
              "Cannot choose kernels: %s must be scalar or vector, got %s."
                  .formatted(PROPERTY, wanted));
    };
  }

  private static Kernels scalarWithWarning() {
    LOGGER.log(
        Level.WARNING,
        "kernels=scalar: training is many times slower than with vectors. Start the JVM with"
            + " --add-modules=jdk.incubator.vector.");
    return new ScalarKernels();
  }

  private static Kernels vectorKernels() {
    try {
      return Class.forName("dev.featuremap.kernel.VectorKernels")
          .asSubclass(Kernels.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("Cannot load the vector kernels: " + e, e);
    }
  }
}
