package dev.featuremap.format;

import dev.featuremap.image.Resize;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A trained network as one safetensors file, whose metadata holds the network's text. {@link #read}
 * and {@link #of} make one.
 *
 * @param networkText the network as HOCON
 * @param notes what it says of the images that it was trained on
 * @param plan the network, planned
 * @param values the parameters, then the buffers; the array is live
 */
public record ModelFile(String networkText, ModelNotes notes, NetworkPlan plan, float[] values) {
  static final String NETWORK = "featuremap.network";

  /** Names of the classes in order; empty where they have none. */
  public List<String> labels() {
    return notes.labels();
  }

  /** How images of other sizes were brought to the network's in training. */
  public Resize resize() {
    return notes.resize();
  }

  /**
   * Reads a model. Counters of batches, state of an optimizer and what wraps a module of PyTorch
   * are understood as {@link StateDictionary} does.
   *
   * @param length of the file, in bytes
   * @param source how messages name the file
   * @throws FormatException if the file is damaged, says nothing of its network, or holds other
   *     tensors than that network has
   */
  public static ModelFile read(InputStream in, long length, String source) throws IOException {
    SafetensorsReader file = SafetensorsReader.open(in, length, source);
    String text = file.metadata().get(NETWORK);
    if (text == null) {
      throw new FormatException(
          "Cannot read the model %s: its metadata must hold the network under %s, got %s. Give a model.safetensors of a run."
              .formatted(source, NETWORK, file.metadata().keySet()));
    }
    NetworkPlan plan = plan(text, source);
    TensorMatch match = match(plan, file, source);
    checkSize(plan, match, source);
    float[] values = new float[plan.parameters() + plan.buffers()];
    Map<String, TensorSlice> places = new HashMap<>();
    for (TensorSlice target : stateFiles(plan).model(values)) {
      SafetensorsEntry found = match.found().get(target.name());
      StateFiles.requireSame(found, target, source);
      places.put(found.name(), target);
    }
    file.readInto(places);
    return new ModelFile(text, ModelNotes.read(file.metadata(), source), plan, values);
  }

  /**
   * A model in memory of images of one size.
   *
   * @param networkText the network as HOCON
   * @param labels names of the classes in order; empty where they have none
   * @param values parameters, then buffers; taken as it is
   * @throws SpecException if the text is no network
   */
  public static ModelFile of(String networkText, List<String> labels, float[] values) {
    NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(networkText));
    return new ModelFile(networkText, ModelNotes.labelled(labels), plan, values);
  }

  /**
   * A model of tensors that are found by name, of images of one size and without labels.
   *
   * @param networkText the network as HOCON
   * @param tensors values by name, those of one tensor at a time
   * @param source how messages name what has the tensors
   * @throws SpecException if the text is no network
   * @throws FormatException if a tensor of the network is missing or has another size
   */
  public static ModelFile of(
      String networkText, Function<String, Optional<float[]>> tensors, String source)
      throws FormatException {
    NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(networkText));
    float[] values = values(plan, tensors, source);
    return new ModelFile(networkText, ModelNotes.labelled(List.of()), plan, values);
  }

  /**
   * A model of the metadata and the tensors of a file of another format; empty if the metadata say
   * nothing of a network.
   *
   * @throws FormatException also if the metadata are damaged
   */
  public static Optional<ModelFile> of(
      Map<String, String> metadata, Function<String, Optional<float[]>> tensors, String source)
      throws FormatException {
    if (!metadata.containsKey(NETWORK)) {
      return Optional.empty();
    }
    String text = metadata.get(NETWORK);
    NetworkPlan plan = plan(text, source);
    float[] values = values(plan, tensors, source);
    return Optional.of(new ModelFile(text, ModelNotes.read(metadata, source), plan, values));
  }

  /** A small file may name a huge network: its tensors must be there before anything is made. */
  private static float[] values(
      NetworkPlan plan, Function<String, Optional<float[]>> tensors, String source)
      throws FormatException {
    List<float[]> found = new ArrayList<>();
    for (PlannedTensor tensor : plan.modelTensors()) {
      found.add(
          tensors
              .apply(tensor.name())
              .filter(values -> values.length == tensor.spec().size())
              .orElseThrow(() -> missing(source, tensor.name())));
    }
    float[] values = new float[plan.parameters() + plan.buffers()];
    int at = 0;
    for (float[] tensor : found) {
      System.arraycopy(tensor, 0, values, at, tensor.length);
      at += tensor.length;
    }
    return values;
  }

  private static FormatException missing(String source, String tensor) {
    return new FormatException(
        "Cannot read the model %s: it lacks the tensor %s of its network."
            .formatted(source, tensor));
  }

  /** The same model with names of its classes. */
  public ModelFile labelled(List<String> names) {
    return noting(notes.with(names));
  }

  /** The same model of images that are resized. */
  public ModelFile resizing(Resize other) {
    return noting(notes.with(other));
  }

  /** The same model of other images. */
  public ModelFile noting(ModelNotes other) {
    return new ModelFile(networkText, other, plan, values);
  }

  /** Writes the model as {@link #read} takes it; equal models give equal bytes. */
  public void write(OutputStream out) throws IOException {
    stateFiles(plan).writeModel(out, networkText, notes, values);
  }

  private static StateFiles stateFiles(NetworkPlan plan) {
    return new StateFiles(plan, plan.stateLayout(0), 0);
  }

  private static TensorMatch match(NetworkPlan plan, SafetensorsReader file, String source)
      throws FormatException {
    TensorMatch match =
        TensorMatch.of(
            file.entries(),
            StateDictionary.namesOf(plan.modelTensors()),
            TensorNames.PLAIN,
            source);
    for (SafetensorsEntry found : match.found().values()) {
      found.requireFloats(source);
    }
    return match;
  }

  /** A small file may name a huge network: nothing is allocated for it. */
  private static void checkSize(NetworkPlan plan, TensorMatch match, String source)
      throws FormatException {
    long values =
        Stream.concat(
                match.found().values().stream(),
                match.rest().get(TensorMatch.Rest.UNKNOWN).stream()
                    .filter(entry -> entry.floats().isPresent()))
            .mapToLong(SafetensorsEntry::size)
            .sum();
    long expected = (long) plan.parameters() + plan.buffers();
    if (values != expected) {
      throw new FormatException(
          "Cannot read the model %s: its network has %s parameters, got %s values. Give a model.safetensors of a run."
              .formatted(source, expected, values));
    }
  }

  /** Parameters and buffers by name, as slices of {@link #values}. */
  public List<TensorSlice> tensors() {
    return stateFiles(plan).model(values);
  }

  private static NetworkPlan plan(String text, String source) throws FormatException {
    try {
      return NetworkPlan.of(NetworkSpec.parse(text));
    } catch (SpecException e) {
      throw new FormatException(
          "Cannot read the model %s: its network is not usable: %s"
              .formatted(source, e.getMessage()),
          e);
    }
  }
}
