package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.tensor.Shape;

/** What the layers share that keep the shape. */
interface Elementwise extends LayerSpec {

  @Override
  default Shape outputShape(Shape input) {
    return input;
  }

  /** A layer of gated neurons. */
  static Layer gated(Gate gate, Shape input, Kernels kernels) {
    return new ElementwiseLayer(
        input.blockSize(),
        (in, out, length) -> kernels.gate(gate, in, out, length),
        (in, out, toOut, toIn, length) -> kernels.gateGradient(gate, in, toOut, toIn, length));
  }

  /** A layer of neurons with a floor and a ceiling. */
  static Layer clipped(float low, float high, Shape input, Kernels kernels) {
    return new ElementwiseLayer(
        input.blockSize(),
        (in, out, n) -> kernels.clip(low, high, in, out, n),
        (in, out, toOut, toIn, n) -> kernels.clipGradient(low, high, out, toOut, toIn, n));
  }
}
