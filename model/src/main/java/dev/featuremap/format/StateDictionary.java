package dev.featuremap.format;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Parameters and buffers of a network from a safetensors file that need not say which network it is
 * of: a model of a run, or the state of a PyTorch module with the names of an export. What PyTorch
 * counts in {@code num_batches_tracked} is passed over.
 */
public final class StateDictionary {
  private static final String COUNTER = ".num_batches_tracked";
  private static final int MOST_LINES = 10;

  private StateDictionary() {}

  /**
   * Reads a file for a network.
   *
   * @param length of the file, in bytes
   * @param source how messages name the file
   * @return parameters, then buffers
   * @throws FormatException if the file is damaged; or naming every tensor that is missing, has
   *     another shape, or is not of the network
   */
  public static float[] read(InputStream in, long length, String source, NetworkPlan plan)
      throws IOException {
    Safetensors file = SafetensorsReader.read(in, length, source, StateDictionary::isPassedOver);
    List<String> differences = differences(file, plan);
    if (!differences.isEmpty()) {
      throw new FormatException(
          "Cannot start from %s: its tensors must be those of the network, got %s differences:"
              .formatted(source, differences.size()),
          shown(differences),
          "Give a file of this network, or the network of the file.");
    }
    float[] values = new float[plan.parameters() + plan.buffers()];
    new StateFiles(plan, plan.stateLayout(0), 0).copyModel(file, source, values);
    return values;
  }

  /** True for the tensors that PyTorch writes and that influence no result. */
  static boolean isPassedOver(String tensor) {
    return tensor.endsWith(COUNTER);
  }

  private static List<String> differences(Safetensors file, NetworkPlan plan) {
    List<PlannedTensor> wanted = new ArrayList<>(plan.tensors());
    wanted.addAll(plan.bufferTensors());
    List<String> differences = new ArrayList<>();
    for (PlannedTensor tensor : wanted) {
      List<Long> shape = tensor.spec().dimensions().stream().map(Long::valueOf).toList();
      Optional<List<Long>> found = file.tensor(tensor.name()).map(TensorSlice::dimensions);
      if (found.isEmpty()) {
        differences.add("%s %s is missing".formatted(tensor.name(), shape));
      } else if (!found.get().equals(shape)) {
        differences.add("%s must be %s, got %s".formatted(tensor.name(), shape, found.get()));
      }
    }
    Set<String> names = wanted.stream().map(PlannedTensor::name).collect(Collectors.toSet());
    for (TensorSlice tensor : file.tensors()) {
      if (!names.contains(tensor.name())) {
        differences.add(
            "%s %s is not of the network".formatted(tensor.name(), tensor.dimensions()));
      }
    }
    return differences;
  }

  private static List<String> shown(List<String> differences) {
    List<String> lines =
        new ArrayList<>(differences.subList(0, Math.min(MOST_LINES, differences.size())));
    if (differences.size() > MOST_LINES) {
      lines.add("and %s more".formatted(differences.size() - MOST_LINES));
    }
    return lines;
  }
}
