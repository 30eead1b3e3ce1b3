package dev.featuremap.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The content of a safetensors file: one flat array with named slices. */
public final class Safetensors {
  private final Map<String, String> metadata;
  private final Map<String, TensorSlice> tensors;
  private final float[] values;

  Safetensors(Map<String, String> metadata, List<TensorSlice> tensors, float[] values) {
    this.metadata = Map.copyOf(metadata);
    this.tensors = new LinkedHashMap<>();
    tensors.forEach(tensor -> this.tensors.put(tensor.name(), tensor));
    this.values = values;
  }

  /** The file's free text by key. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** All tensors in the order of their data; each lies in {@link #values}. */
  public List<TensorSlice> tensors() {
    return List.copyOf(tensors.values());
  }

  /** The tensor of that name. */
  public Optional<TensorSlice> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** All elements in the order of the file; live. */
  public float[] values() {
    return values;
  }
}
