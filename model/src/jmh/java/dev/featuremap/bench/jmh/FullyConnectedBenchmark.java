package dev.featuremap.bench.jmh;

import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Lanes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A fully connected layer over one block and its two gradients. */
@State(Scope.Thread)
public class FullyConnectedBenchmark {
  /** Inputs × outputs; the networks' layers. */
  @Param({"432x10", "2880x100", "640x1000", "1000x1000", "400x120", "4096x256"})
  public String layer;

  private final Kernels kernels = KernelLookup.kernels();
  private int inputs;
  private int outputs;
  private float[] input;
  private float[] output;
  private float[] parameters;
  private float[] parameterGradient;
  private float[] scratch;
  private long flops;

  /** Makes the arrays. */
  @Setup
  public void fill() {
    int[] n = Sizes.parse(layer);
    inputs = n[0];
    outputs = n[1];
    input = Sizes.values(inputs * Lanes.COUNT);
    output = Sizes.values(outputs * Lanes.COUNT);
    parameters = Sizes.values(inputs * outputs + outputs);
    parameterGradient = new float[parameters.length];
    scratch = new float[inputs * Lanes.COUNT];
    flops = 2L * inputs * outputs * Lanes.COUNT;
  }

  /** The forward pass. */
  @Benchmark
  public float[] fullyConnected(Work work) {
    kernels.fullyConnected(inputs, outputs, input, parameters, 0, inputs * outputs, output);
    work.add(flops, Lanes.COUNT);
    return output;
  }

  /** The input gradient. */
  @Benchmark
  public float[] fullyConnectedInputGradient(Work work) {
    kernels.fullyConnectedInputGradient(inputs, outputs, output, parameters, 0, input);
    work.add(flops, Lanes.COUNT);
    return input;
  }

  /** The weight gradient. */
  @Benchmark
  public float[] fullyConnectedWeightGradient(Work work) {
    kernels.fullyConnectedWeightGradient(
        inputs, outputs, input, output, parameterGradient, 0, scratch);
    work.add(flops, Lanes.COUNT);
    return parameterGradient;
  }
}
