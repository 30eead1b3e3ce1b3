package dev.featuremap.network;

import java.util.List;

/**
 * The layers that training leaves as they are, and what they hold: a vector of their own, which is
 * no part of a training state.
 *
 * @param tensors in the order of the vector
 * @param parameters values of the tensors
 * @param bufferTensors in the order of the buffers at the vector's end
 * @param buffers values of the buffers
 * @param values parameters, then buffers; filled once, before the first pass
 */
public record FrozenPart(
    List<PlannedTensor> tensors,
    int parameters,
    List<PlannedTensor> bufferTensors,
    int buffers,
    float[] values) {

  /** Nothing. */
  static final FrozenPart NONE = new FrozenPart(List.of(), 0, List.of(), 0, new float[0]);

  /** Copies the lists; takes the array as it is. */
  public FrozenPart {
    tensors = List.copyOf(tensors);
    bufferTensors = List.copyOf(bufferTensors);
  }

  /** The same layers with other values. */
  FrozenPart with(float[] others) {
    return new FrozenPart(tensors, parameters, bufferTensors, buffers, others);
  }

  /** Values of the vector. */
  public int size() {
    return parameters + buffers;
  }
}
