package dev.featuremap.bench;

import java.util.List;
import java.util.Map;

/**
 * Who takes part in a comparison, and what its process needs to be at its best.
 *
 * @param name as shown
 * @param side the folder of its classes and the name of its class path
 * @param mainClass serves its trainer
 * @param argument to its main class
 * @param blasCore the core type OpenBLAS shall assume; older versions do not know new processors
 * @param blasThreads whether OpenBLAS has threads of its own; where a library calls it from its own
 *     threads they only disturb
 */
record Contestant(
    String name,
    String side,
    String mainClass,
    String argument,
    String blasCore,
    boolean blasThreads) {
  static final Contestant FEATUREMAP =
      new Contestant("featuremap", "jmh", "FeaturemapTrainer", "", "", false);

  static final List<Contestant> PEERS =
      List.of(
          new Contestant(
              "libtorch", "libtorch", "LibtorchTrainer", "contiguous", "SkylakeX", false),
          new Contestant(
              "libtorch-channels-last",
              "libtorch",
              "LibtorchTrainer",
              "channels-last",
              "SkylakeX",
              false),
          new Contestant("tensorflow", "tensorflow", "TensorflowTrainer", "", "SkylakeX", false),
          new Contestant(
              "deeplearning4j",
              "deeplearning4j",
              "Deeplearning4jTrainer",
              "-onednn-avx512",
              "Cooperlake",
              true));

  /** The full name of the main class. */
  String qualifiedMainClass() {
    String place = this == FEATUREMAP ? "" : side + ".";
    return Contestant.class.getPackageName() + "." + place + mainClass;
  }

  /**
   * Environment of its process. Native libraries allocate and free megabytes a step: an allocator
   * that keeps its pages gives libtorch up to 45 % more speed.
   */
  Map<String, String> environment(int threads) {
    if (this == FEATUREMAP) {
      return Map.of();
    }
    return Map.of(
        "OPENBLAS_CORETYPE", blasCore,
        "OPENBLAS_NUM_THREADS", blasThreads ? Integer.toString(threads) : "1",
        "OMP_NUM_THREADS", Integer.toString(threads),
        "MALLOC_ARENA_MAX", "1",
        "MALLOC_MMAP_MAX_", "0",
        "MALLOC_TRIM_THRESHOLD_", "17179869184",
        "MALLOC_TOP_PAD_", "67108864");
  }
}
