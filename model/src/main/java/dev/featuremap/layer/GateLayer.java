package dev.featuremap.layer;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;

/** {@link Gelu} and {@link Silu} at work. */
final class GateLayer extends SingleBlockLayer {
  private final Gate gate;
  private final int blockSize;
  private final Kernels kernels;

  GateLayer(Gate gate, int blockSize, Kernels kernels) {
    this.gate = gate;
    this.blockSize = blockSize;
    this.kernels = kernels;
  }

  @Override
  void forward(BlockPass pass, float[] input, float[] output) {
    kernels.gate(gate, input, output, blockSize);
  }

  @Override
  void backward(
      BlockPass pass, float[] input, float[] output, float[] outputGradient, float[] toInput) {
    kernels.gateGradient(gate, input, outputGradient, toInput, blockSize);
  }
}
