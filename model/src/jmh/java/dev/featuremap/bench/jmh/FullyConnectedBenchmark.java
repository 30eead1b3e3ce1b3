package dev.featuremap.bench.jmh;

import dev.featuremap.kernel.FullyConnectedGradient;
import dev.featuremap.kernel.FullyConnectedProducts;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.Lanes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The matrix products of a fully connected layer over some blocks. */
@State(Scope.Thread)
public class FullyConnectedBenchmark {
  /** Inputs × outputs; the networks' layers. */
  @Param({"432x10", "2880x100", "640x1000", "1000x1000", "400x120", "4096x256"})
  public String layer;

  /** Blocks of a call. */
  @Param({"1", "8"})
  public int blocks;

  private FullyConnectedProducts products;
  private FullyConnectedGradient gradients;
  private int inputs;
  private int outputs;
  private int images;
  private float[][] input;
  private float[][] output;
  private float[] parameters;
  private float[] parameterGradient;
  private long flops;

  /** Makes the arrays. */
  @Setup
  public void fill() {
    int[] n = Sizes.parse(layer);
    inputs = n[0];
    outputs = n[1];
    images = blocks * Lanes.COUNT;
    products = KernelLookup.kernels().fullyConnected(inputs, outputs);
    gradients = KernelLookup.kernels().fullyConnectedGradient(inputs, outputs, blocks);
    input = new float[blocks][];
    output = new float[blocks][];
    for (int block = 0; block < blocks; block++) {
      input[block] = Sizes.values(inputs * Lanes.COUNT);
      output[block] = Sizes.values(outputs * Lanes.COUNT);
    }
    parameters = Sizes.values(inputs * outputs + outputs);
    parameterGradient = new float[parameters.length];
    flops = 2L * inputs * outputs * images;
  }

  /** The forward pass. */
  @Benchmark
  public float[][] forward(Work work) {
    products.forward(blocks, input, parameters, 0, inputs * outputs, output);
    work.add(flops, images);
    return output;
  }

  /** The input gradient. */
  @Benchmark
  public float[][] inputGradient(Work work) {
    products.inputGradient(blocks, output, parameters, 0, input);
    work.add(flops, images);
    return input;
  }

  /** The parameter gradient, with the keeping of each block. */
  @Benchmark
  public float[] parameterGradient(Work work) {
    for (int block = 0; block < blocks; block++) {
      gradients.keep(block, input[block], output[block]);
    }
    gradients.writeInto(blocks, parameterGradient, 0, inputs * outputs, 0, 1);
    work.add(flops, images);
    return parameterGradient;
  }
}
