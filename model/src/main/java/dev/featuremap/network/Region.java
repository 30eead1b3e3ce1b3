package dev.featuremap.network;

import dev.featuremap.layer.ParameterSpec;
import java.util.ArrayList;
import java.util.List;

/** Lays layers end to end in a vector: their parameters first, their buffers at its end. */
final class Region {
  final List<PlannedTensor> tensors = new ArrayList<>();
  final List<PlannedTensor> bufferTensors = new ArrayList<>();
  int parameters;
  int buffers;

  /** Gives a layer its place behind those before. */
  PlannedLayer take(PlannedLayer layer, boolean frozen) {
    PlannedLayer moved = layer.at(parameters, buffers, frozen);
    parameters = add(layer, layer.spec().parameters(layer.input()), tensors, parameters);
    buffers = add(layer, layer.spec().buffers(layer.input()), bufferTensors, buffers);
    return moved;
  }

  private static int add(
      PlannedLayer layer, List<ParameterSpec> specs, List<PlannedTensor> into, int start) {
    int at = start;
    for (ParameterSpec spec : specs) {
      into.add(new PlannedTensor(PlannedTensor.nameOf(layer.name(), spec), spec, at));
      at += spec.size();
    }
    return at;
  }

  /** These layers as those that training leaves alone; their values are zero so far. */
  FrozenPart frozen() {
    return new FrozenPart(
        tensors, parameters, bufferTensors, buffers, new float[parameters + buffers]);
  }
}
