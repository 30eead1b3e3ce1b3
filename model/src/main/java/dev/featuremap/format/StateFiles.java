package dev.featuremap.format;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.network.TensorPlace;
import dev.featuremap.optimizer.StateLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A training state as safetensors: one file with the model, which is parameters and buffers under
 * the names a PyTorch module would give them, one with the optimizer's slots, as in {@code
 * slot1.conv1.weight}, and where the driver has outer momentum, one with its memory, as in {@code
 * outer.conv1.weight}.
 *
 * <p>What is frozen stands in the file of the model, in its place among the other tensors, though
 * it is no part of the state: it is written from the plan, and read into it.
 *
 * @param modelAt where the parameters start in a state that make the model; 0, or a slot
 */
public record StateFiles(NetworkPlan plan, StateLayout layout, int modelAt) {

  /**
   * Writes the parameters that make the model, and the buffers, as a {@link ModelFile}.
   *
   * @param notes what the file says of the images
   */
  public void writeModel(OutputStream out, String networkText, ModelNotes notes, float[] state)
      throws IOException {
    SafetensorsWriter.write(out, notes.metadata(networkText), model(state));
  }

  /**
   * Writes the optimizer's slots, a file without tensors when it has none. The trained parameters
   * stand in place of a slot that makes the model.
   */
  public void writeSlots(OutputStream out, float[] state) throws IOException {
    SafetensorsWriter.write(out, Map.of(), slots(state));
  }

  /**
   * Reads the parameters that make the model, and the buffers, into {@code state}.
   *
   * @param length of the file, in bytes
   * @param source how messages name the file
   * @throws FormatException if the file is damaged or holds other tensors than the network has
   */
  public void readModel(InputStream in, long length, String source, float[] state)
      throws IOException {
    read(SafetensorsReader.open(in, length, source), source, model(state));
  }

  /** Reads the optimizer's slots into {@code state}, like {@link #readModel}. */
  public void readSlots(InputStream in, long length, String source, float[] state)
      throws IOException {
    read(SafetensorsReader.open(in, length, source), source, slots(state));
  }

  /** Writes the memory of outer momentum, one value per parameter. */
  public void writeMemory(OutputStream out, float[] memory) throws IOException {
    SafetensorsWriter.write(out, Map.of(), memory(memory));
  }

  /** Reads the memory of outer momentum, like {@link #readModel}. */
  public void readMemory(InputStream in, long length, String source, float[] memory)
      throws IOException {
    read(SafetensorsReader.open(in, length, source), source, memory(memory));
  }

  /** Where the tensors of the model lie in {@code state}. */
  List<TensorSlice> model(float[] state) {
    List<TensorSlice> slices = new ArrayList<>();
    for (TensorPlace place : plan.tensorPlaces()) {
      int at = place.tensor().at();
      int inState =
          at < plan.parameters() ? modelAt + at : layout.buffersAt() + at - plan.parameters();
      slices.add(
          place.frozen()
              ? slice(place.tensor(), "", plan.frozen().values(), at)
              : slice(place.tensor(), "", state, inState));
    }
    return slices;
  }

  private List<TensorSlice> slots(float[] state) {
    List<TensorSlice> slices = new ArrayList<>();
    for (int slot = 0; slot < layout.slots(); slot++) {
      int at = layout.slotAt(slot);
      slices.addAll(
          at == modelAt
              ? tensors(plan.tensors(), "trained.", 0, state)
              : tensors(plan.tensors(), "slot" + (slot + 1) + ".", at, state));
    }
    return slices;
  }

  private List<TensorSlice> memory(float[] memory) {
    return tensors(plan.tensors(), "outer.", 0, memory);
  }

  private static List<TensorSlice> tensors(
      List<PlannedTensor> tensors, String prefix, int start, float[] state) {
    List<TensorSlice> slices = new ArrayList<>();
    for (PlannedTensor tensor : tensors) {
      slices.add(slice(tensor, prefix, state, start + tensor.at()));
    }
    return slices;
  }

  private static TensorSlice slice(PlannedTensor tensor, String prefix, float[] values, int at) {
    List<Long> dimensions = tensor.spec().dimensions().stream().map(Long::valueOf).toList();
    return new TensorSlice(prefix + tensor.name(), dimensions, values, at);
  }

  private static void read(SafetensorsReader file, String source, List<TensorSlice> wanted)
      throws IOException {
    if (file.entries().size() != wanted.size()) {
      throw new FormatException(
          "Cannot read %s: the network has %s tensors, got %s. Use the network it was written with."
              .formatted(source, wanted.size(), file.entries().size()));
    }
    Map<String, SafetensorsEntry> entries = new HashMap<>();
    file.entries().forEach(entry -> entries.put(entry.name(), entry));
    Map<String, TensorSlice> places = new HashMap<>();
    for (TensorSlice target : wanted) {
      requireSame(entries.get(target.name()), target, source);
      places.put(target.name(), target);
    }
    file.readInto(places);
  }

  /**
   * Rejects a tensor that cannot be read to where it goes.
   *
   * @param found what the file has of it; null for nothing
   */
  static void requireSame(SafetensorsEntry found, TensorSlice target, String source)
      throws FormatException {
    if (found == null) {
      throw new FormatException(
          "Cannot read %s: it has no tensor %s. Use the network it was written with."
              .formatted(source, target.name()));
    }
    found.requireFloats(source);
    if (!found.shape().equals(target.dimensions())) {
      throw new FormatException(
          "Cannot read %s: %s must be %s, got %s. Use the network it was written with."
              .formatted(source, target.name(), target.dimensions(), found.shape()));
    }
  }
}
