package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.Gate;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.tensor.Shape;

/** What the layers share that keep the shape and learn nothing. */
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
}
