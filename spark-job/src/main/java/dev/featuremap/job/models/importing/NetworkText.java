package dev.featuremap.job.models.importing;

import dev.featuremap.format.FormatException;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.spec.SpecException;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes elements as the text of a network and as the vector of its parameters. */
final class NetworkText {
  private static final String SOFTMAX = "softmax";

  private final List<Element> order;
  private final Element images;
  private final Map<Element, String> names = new HashMap<>();

  private NetworkText(List<Element> order, Element images) {
    this.order = order;
    this.images = images;
  }

  /** The nodes that results need and that no layer computes. */
  static List<String> unsaid(List<Element> all, Set<Element> results) {
    return reached(all, results).stream()
        .filter(element -> element.type() == null)
        .map(
            element ->
                "%s: %s"
                    .formatted(
                        element.source(),
                        element
                            .options()
                            .getOrDefault(Elements.REFUSAL, "no layer computes it alone")))
        .toList();
  }

  private static List<Element> reached(List<Element> all, Set<Element> results) {
    Set<Element> reached = new HashSet<>(results);
    List<Element> order = new ArrayList<>();
    for (int k = all.size() - 1; k >= 0; k--) {
      if (reached.contains(all.get(k))) {
        reached.addAll(all.get(k).inputs());
        order.add(all.get(k));
      }
    }
    Collections.reverse(order);
    return order;
  }

  /**
   * The network whose output is that of an element; a softmax at the end is left to the loss.
   *
   * @throws JobException with {@code BAD_DATA} if the elements are no network
   */
  static ImportedNetwork write(
      List<Element> all, Element images, Element output, ImportRule rule, String source) {
    List<String> notes = new ArrayList<>();
    Element last = output;
    if (last.is(SOFTMAX) && last.shape().isFlat()) {
      last = last.input();
      notes.add("The softmax at its end is left to the loss, so its outputs are logits.");
    }
    List<Element> order = reached(all, Set.of(last));
    if (order.isEmpty()) {
      throw JobException.badData(
          "Cannot import %s: its result is its input. Give --output another result."
              .formatted(source));
    }
    if (rule.means().stream().allMatch(mean -> mean == 0)
        && rule.deviations().stream().allMatch(deviation -> deviation == 1)) {
      notes.add(
          "The file does not say how its pixels are normalized. They are taken from 0 to 1; give --mean and --deviation if it was trained on others.");
    }
    NetworkText text = new NetworkText(order, images);
    return new ImportedNetwork(text.model(text.text(rule, source), rule, source), notes);
  }

  private String text(ImportRule rule, String source) {
    nameAll();
    StringBuilder text = new StringBuilder();
    String file = source.substring(source.lastIndexOf('/') + 1);
    text.append("# Imported from %s.%n%n".formatted(file.replaceAll("\\p{Cntrl}", "?")));
    Shape shape = images.shape();
    text.append(
        "input { shape = [%s, %s, %s], mean = %s, deviation = %s }%n"
            .formatted(
                shape.channels(),
                shape.height(),
                shape.width(),
                number(rule.means()),
                number(rule.deviations())));
    text.append("layers = [\n");
    Element before = images;
    for (Element element : order) {
      text.append("  { ").append(line(element, before)).append(" }\n");
      before = element;
    }
    return text.append("]\nloss = softmax-cross-entropy\n").toString();
  }

  private static Object number(List<Double> numbers) {
    return numbers.size() == 1 ? numbers.get(0) : numbers;
  }

  private String line(Element element, Element before) {
    List<String> fields = new ArrayList<>(List.of("type = " + element.type()));
    if (names.containsKey(element)) {
      fields.add("name = \"%s\"".formatted(names.get(element)));
    }
    if (element.inputs().size() > 1) {
      String inputs =
          element.inputs().stream()
              .map(input -> '"' + name(input) + '"')
              .collect(Collectors.joining(", ", "[", "]"));
      fields.add("inputs = " + inputs);
    } else if (!element.input().equals(before)) {
      fields.add("input = \"%s\"".formatted(name(element.input())));
    }
    element.options().forEach((key, value) -> fields.add(key + " = " + value));
    return String.join(", ", fields);
  }

  private String name(Element element) {
    return element.equals(images) ? "input" : names.get(element);
  }

  /** Names what has parameters and what is read by others than the element behind it. */
  private void nameAll() {
    Set<Element> named = new HashSet<>();
    Element before = images;
    for (Element element : order) {
      if (!element.tensors().isEmpty()) {
        named.add(element);
      }
      for (Element input : element.inputs()) {
        if (!input.equals(before) || element.inputs().size() > 1) {
          named.add(input);
        }
      }
      before = element;
    }
    Set<String> taken = new HashSet<>(Set.of("input"));
    Map<String, Integer> numbers = new HashMap<>();
    for (Element element : order) {
      int number = numbers.merge(element.type(), 1, Integer::sum);
      // Elements without a name take this one when the file is read.
      String unnamed = element.type().replace('-', '_') + number;
      if (named.contains(element)) {
        names.put(element, unique(element.name().isEmpty() ? unnamed : element.name(), taken));
      } else {
        taken.add(unnamed);
      }
    }
  }

  private static String unique(String wanted, Set<String> taken) {
    String name = wanted;
    for (int k = 2; !taken.add(name); k++) {
      name = wanted + "_" + k;
    }
    return name;
  }

  private ModelFile model(String network, ImportRule rule, String source) {
    if (rule.bgr()) {
      checkReversible(source);
    }
    Map<String, float[]> tensors = new HashMap<>();
    for (Element element : order) {
      for (Map.Entry<String, float[]> tensor : element.tensors().entrySet()) {
        String suffix = tensor.getKey().isEmpty() ? "" : "." + tensor.getKey();
        float[] values =
            rule.bgr() && element.input().equals(images)
                ? mirrored(element, tensor)
                : tensor.getValue();
        tensors.put(names.get(element) + suffix, values);
      }
    }
    try {
      return ModelFile.of(network, name -> Optional.ofNullable(tensors.get(name)), source);
    } catch (SpecException e) {
      throw JobException.badData("Cannot import %s: %s".formatted(source, e.getMessage()));
    } catch (FormatException e) {
      throw JobException.badData(e);
    }
  }

  /** Weights that take red first where the source takes blue first. */
  private float[] mirrored(Element element, Map.Entry<String, float[]> tensor) {
    if (!tensor.getKey().equals("weight")) {
      return tensor.getValue();
    }
    int channels = images.shape().channels();
    float[] from = tensor.getValue();
    Shape out = element.shape();
    int field = from.length / out.channels() / channels;
    float[] to = new float[from.length];
    for (int at = 0; at < from.length; at += field) {
      int slice = at / field;
      int channel = slice % channels;
      int other = slice - channel + channels - 1 - channel;
      System.arraycopy(from, at, to, other * field, field);
    }
    return to;
  }

  private void checkReversible(String source) {
    for (Element element : order) {
      boolean reads = element.inputs().contains(images);
      boolean plain = element.is("convolution") && !element.options().containsKey("groups");
      if (reads && !plain) {
        throw JobException.usage(
            "Cannot import %s with --channels bgr: its %s reads the images, where a convolution must."
                .formatted(source, element.type()));
      }
    }
  }
}
