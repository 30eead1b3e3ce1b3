package dev.featuremap.bench.jmh;

import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.tensor.Lanes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Rectified max-pooling of one block, window 2, and its gradient. */
@State(Scope.Thread)
public class PoolingBenchmark {
  /** Channels × rows × columns; the networks' layers. */
  @Param({"3x24x24", "20x24x24", "64x32x32"})
  public String layer;

  private MaxPooling pooling;
  private float[] input;
  private float[] output;
  private float[] winners;
  private float[] outputGradient;
  private float[] inputGradient;

  /** Makes the arrays. */
  @Setup
  public void fill() {
    int[] n = Sizes.parse(layer);
    pooling = KernelLookup.kernels().maxPooling(new PoolingGeometry(n[0], n[1], n[2], 2, 2), 0f);
    input = Sizes.values(n[0] * n[1] * n[2] * Lanes.COUNT);
    inputGradient = new float[input.length];
    output = new float[input.length / 4];
    outputGradient = Sizes.values(output.length);
    winners = new float[output.length];
    pooling.maxima(input, output, winners);
  }

  /** The forward pass. */
  @Benchmark
  public float[] maxima(Work work) {
    pooling.maxima(input, output, winners);
    work.add(0, Lanes.COUNT);
    return output;
  }

  /** The input gradient. */
  @Benchmark
  public float[] gradient(Work work) {
    pooling.gradient(winners, outputGradient, inputGradient);
    work.add(0, Lanes.COUNT);
    return inputGradient;
  }
}
