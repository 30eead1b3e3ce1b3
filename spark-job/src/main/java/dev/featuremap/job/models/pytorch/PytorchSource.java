package dev.featuremap.job.models.pytorch;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedStep;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.TreeMap;

/**
 * A network as the text of a Python module. {@code load} in it takes the {@code model.safetensors}
 * beside it: the names of a run's tensors are those of PyTorch's state, so every tensor must match,
 * whatever layers are called.
 */
public final class PytorchSource {
  private static final String TEMPLATE =
      """
      \"""A network trained by Featuremap. Its parameters are in model.safetensors beside this file.

      network = load("model.safetensors")
      logits = network(normalize(pixels))   # pixels: 0 to 255, [batch, %1$s, %2$s, %3$s]%4$s
      classes = logits.argmax(1)            # the loss was %5$s
      \"""

      import torch
      import torch.nn.functional as F
      from torch import nn

      # Names of the classes in their order; empty where classes are numbers.
      LABELS = %6$s

      # Of each channel, of pixels scaled to 0 to 1.
      MEAN = %7$s
      DEVIATION = %8$s


      def normalize(pixels):
          \"""What the network reads, made of pixels from 0 to 255.\"""
          mean = torch.tensor(MEAN, device=pixels.device).view(-1, 1, 1)
          deviation = torch.tensor(DEVIATION, device=pixels.device).view(-1, 1, 1)
          return (pixels.to(torch.float32) / 255 - mean) / deviation


      def load(path="model.safetensors"):
          \"""The trained network, ready to predict.\"""
          from safetensors.torch import load_file

          network = Network()
          network.load_state_dict(load_file(path), strict=True)
          return network.eval()


      %13$sclass Network(%14$s):
          \"""Logits, before the softmax or sigmoid of the loss, of normalized images.\"""

          def __init__(self):
              super().__init__({
      %9$s        })
      %15$s
          def forward(self, %10$s):
      %11$s        return %12$s
      """;

  private static final String MODULES =
      """
      class Modules(nn.Module):
          \"""Modules by any names: nn.ModuleDict refuses those of its own attributes.\"""

          def __init__(self, modules):
              super().__init__()
              self._modules.update(modules)

          def __getitem__(self, name):
              return self._modules[name]

          def __setattr__(self, name, value):
              # nn.Module would refuse to set "training" beside a module of that name.
              object.__setattr__(self, name, value)


      """;

  private final ModelFile model;
  private final NetworkPlan plan;
  private final ModuleTree modules = new ModuleTree();
  private final StringBuilder statements = new StringBuilder();

  private PytorchSource(ModelFile model) {
    this.model = model;
    this.plan = model.plan();
  }

  /**
   * The text, which is the same for equal models.
   *
   * @throws JobException with {@code USAGE} if names of layers cannot be those of modules
   */
  public static String of(ModelFile model) {
    return new PytorchSource(model).text();
  }

  private String text() {
    InputSpec input = plan.spec().input();
    Shape shape = input.shape();
    String images = variable(0);
    if (shape.isFlat()) {
      append(images, images + ".flatten(1)", shape);
    }
    for (PlannedStep step : plan.steps()) {
      append(variable(step.writes()), result(step), step.output());
    }
    return TEMPLATE.formatted(
        shape.channels(),
        shape.height(),
        shape.width(),
        shape.channels() == 3 ? ", red, green, blue" : "",
        plan.spec().loss(),
        model.notes().labelList(),
        input.means(),
        input.deviations(),
        modules.entries(3),
        images,
        statements,
        variable(plan.steps().size()),
        modules.hasReservedNames() ? MODULES : "",
        modules.dictionary(),
        modules.parameters());
  }

  private String result(PlannedStep step) {
    List<String> inputs = step.reads().stream().map(this::variable).toList();
    if (step.layer().isEmpty()) {
      return join(step, inputs);
    }
    PytorchLayer layer = PytorchLayers.of(step.layer().get(), inputs.get(0));
    new TreeMap<>(layer.modules())
        .forEach(
            (name, module) ->
                modules.add(name.isEmpty() ? step.name() : step.name() + "." + name, module));
    if (!layer.parameter().isEmpty()) {
      modules.addParameter(step.name(), layer.parameter());
    }
    return layer.result();
  }

  private String join(PlannedStep step, List<String> inputs) {
    return switch (step.join().orElseThrow()) {
      case ADD -> String.join(" + ", inputs);
      case CONCAT -> "torch.cat([%s], 1)".formatted(String.join(", ", inputs));
      case MULTIPLY -> {
        boolean broadcasts = plan.shape(step.reads().get(1)).isFlat() && !step.output().isFlat();
        yield inputs.get(0) + " * " + inputs.get(1) + (broadcasts ? "[:, :, None, None]" : "");
      }
    };
  }

  private void append(String variable, String result, Shape shape) {
    String comment = shape.isFlat() ? "[%s]".formatted(shape.channels()) : shape.toString();
    statements.append("        %s = %s  # %s\n".formatted(variable, result, comment));
  }

  /**
   * The variable of an activation: {@code x} where the next step alone reads it, one of its own
   * elsewhere.
   */
  private String variable(int activation) {
    List<Integer> readers =
        plan.steps().stream()
            .filter(step -> step.reads().contains(activation))
            .map(PlannedStep::writes)
            .toList();
    boolean passes = readers.isEmpty() || readers.equals(List.of(activation + 1));
    return passes ? "x" : "x" + activation;
  }
}
