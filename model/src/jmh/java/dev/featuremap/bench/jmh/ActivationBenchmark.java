package dev.featuremap.bench.jmh;

import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Lanes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Activation functions over one block. */
@State(Scope.Thread)
public class ActivationBenchmark {
  /** Channels × rows × columns. */
  @Param("20x24x24")
  public String layer;

  private final Kernels kernels = KernelLookup.kernels();
  private float[] input;
  private float[] output;

  /** Makes the arrays. */
  @Setup
  public void fill() {
    int[] n = Sizes.parse(layer);
    input = Sizes.values(n[0] * n[1] * n[2] * Lanes.COUNT);
    output = new float[input.length];
  }

  /** The rectifier. */
  @Benchmark
  public float[] rectify(Work work) {
    kernels.rectify(input, output, input.length);
    work.add(0, Lanes.COUNT);
    return output;
  }

  /** The logistic function. */
  @Benchmark
  public float[] sigmoid(Work work) {
    kernels.sigmoid(input, output, input.length);
    work.add(0, Lanes.COUNT);
    return output;
  }

  /** The hyperbolic tangent. */
  @Benchmark
  public float[] tanh(Work work) {
    kernels.tanh(input, output, input.length);
    work.add(0, Lanes.COUNT);
    return output;
  }
}
