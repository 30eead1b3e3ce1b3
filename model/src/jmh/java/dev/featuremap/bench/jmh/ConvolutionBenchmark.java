package dev.featuremap.bench.jmh;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.Lanes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Convolution of one block and its weight gradient; the input gradient is a convolution too. */
@State(Scope.Thread)
public class ConvolutionBenchmark {
  /** Channels × padded rows × padded columns, then maps × field × field; the networks' layers. */
  @Param({
    "1x28x28-3x5x5",
    "1x28x28-20x5x5",
    "20x12x12-40x5x5",
    "6x14x14-16x5x5",
    "3x34x34-64x3x3",
    "64x34x34-64x3x3",
    "128x18x18-128x3x3",
    "256x10x10-256x3x3"
  })
  public String layer;

  private Correlation correlation;
  private int biasesAt;
  private float[] input;
  private float[] parameters;
  private float[] output;
  private float[] parameterGradient;
  private long flops;

  /** Makes the arrays. */
  @Setup
  public void fill() {
    int[] n = Sizes.parse(layer);
    ConvolutionGeometry geometry = new ConvolutionGeometry(n[0], n[1], n[2], n[3], n[4], n[5], 1);
    correlation = KernelLookup.kernels().correlation(geometry);
    input = Sizes.values(geometry.inputBlockSize());
    parameters = Sizes.values(geometry.weights() + geometry.featureMaps());
    output = Sizes.values(geometry.outputBlockSize());
    parameterGradient = new float[parameters.length];
    biasesAt = geometry.weights();
    flops = 2L * geometry.outputBlockSize() * geometry.taps();
  }

  /** The forward pass. */
  @Benchmark
  public float[] apply(Work work) {
    correlation.apply(input, parameters, 0, biasesAt, output);
    work.add(flops, Lanes.COUNT);
    return output;
  }

  /** The weight gradient. */
  @Benchmark
  public float[] weightGradient(Work work) {
    correlation.weightGradient(input, output, parameterGradient, 0);
    work.add(flops, Lanes.COUNT);
    return parameterGradient;
  }
}
