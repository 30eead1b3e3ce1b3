package dev.featuremap.job.models.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.SampleNetworks;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.network.LayerTypes.LayerType;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PytorchSourceTest {

  @Test
  void writesAModuleThatAPersonCanRead() {
    String source =
        source(
            """
            input { shape = [3, 8, 8], mean = [0.4, 0.5, 0.6], deviation = 0.25 }
            layers = [
              { type = convolution, name = conv1, feature-maps = 4, field = 3, padding = 1, bias = false }
              { type = residual, name = layer1.0, layers = [
                { type = batch-norm, name = bn1 }
              ], shortcut = [
                { type = convolution, name = downsample.0, feature-maps = 4, field = 1 }
              ] }
              { type = max-pool }
              { type = fully-connected, name = fc, outputs = 2 }
            ]
            """,
            "cat",
            "\"dog\"");

    assertThat(source)
        .startsWith("\"\"\"A network trained by Featuremap.")
        .contains("# pixels: 0 to 255, [batch, 3, 8, 8], red, green, blue\n")
        .contains("LABELS = [\"cat\",\"\\\"dog\\\"\"]\n")
        .contains("MEAN = [0.4, 0.5, 0.6]\nDEVIATION = [0.25, 0.25, 0.25]\n")
        .endsWith(
            """
            class Network(nn.ModuleDict):
                ""\"Logits, before the softmax or sigmoid of the loss, of normalized images.""\"

                def __init__(self):
                    super().__init__({
                        "conv1": nn.Conv2d(3, 4, 3, padding=1, bias=False),
                        "layer1": nn.ModuleDict({
                            "0": nn.ModuleDict({
                                "bn1": nn.BatchNorm2d(4, eps=1.0E-5, momentum=0.1),
                                "downsample": nn.ModuleDict({
                                    "0": nn.Conv2d(4, 4, 1),
                                }),
                            }),
                        }),
                        "fc": nn.Linear(64, 2),
                    })

                def forward(self, x):
                    x1 = self["conv1"](x)  # [4, 8, 8]
                    x2 = self["layer1"]["0"]["bn1"](x1)  # [4, 8, 8]
                    x = self["layer1"]["0"]["downsample"]["0"](x1)  # [4, 8, 8]
                    x = x2 + x  # [4, 8, 8]
                    x = F.max_pool2d(x, 2, stride=2)  # [4, 4, 4]
                    x = self["fc"](x.flatten(1))  # [2]
                    return x
            """);
  }

  @Test
  void reservesEveryAttributeOfPytorch() throws Exception {
    assertThat(SampleNetworks.pytorchAttributes())
        .hasSizeGreaterThan(130)
        .allMatch(ReservedNames::contains);
  }

  @Test
  void keepsNamesThatPytorchRefuses() {
    String source =
        source(
            """
            input.shape = [2, 1, 1]
            layers = [
              { type = batch-norm, name = class }
              { type = batch-norm, name = block.training }
              { type = fully-connected, name = train.0, outputs = 2 }
            ]
            """);

    assertThat(source)
        .contains("class Modules(nn.Module):\n    \"\"\"Modules by any names:")
        .endsWith(
            """
            class Network(Modules):
                ""\"Logits, before the softmax or sigmoid of the loss, of normalized images.""\"

                def __init__(self):
                    super().__init__({
                        "class": nn.BatchNorm1d(2, eps=1.0E-5, momentum=0.1),
                        "block": Modules({
                            "training": nn.BatchNorm1d(2, eps=1.0E-5, momentum=0.1),
                        }),
                        "train": nn.ModuleDict({
                            "0": nn.Linear(2, 2),
                        }),
                    })

                def forward(self, x):
                    x = x.flatten(1)  # [2]
                    x = self["class"](x)  # [2]
                    x = self["block"]["training"](x)  # [2]
                    x = self["train"]["0"](x)  # [2]
                    return x
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keys",
        "values",
        "items",
        "pop",
        "type",
        "to",
        "float",
        "half",
        "train",
        "training",
        "forward",
        "parameters",
        "load_state_dict",
        "eval",
        "update",
        "clear",
        "add_module"
      })
  void needsModulesOfItsOwnForEachNameThatPytorchRefuses(String name) {
    assertThat(
            source(
                "input.shape = [1, 1, 1], layers = [{ type = fully-connected, outputs = 2, name = %s }]"
                    .formatted(name)))
        .contains("class Network(Modules):", "\"" + name + "\": nn.Linear(1, 2)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"class", "lambda", "None", "conv1", "training2", "self"})
  void takesTheDictionaryOfPytorchForOtherNames(String name) {
    assertThat(
            source(
                "input.shape = [1, 1, 1], layers = [{ type = fully-connected, outputs = 2, name = %s }]"
                    .formatted(name)))
        .contains("class Network(nn.ModuleDict):", "\"" + name + "\": nn.Linear(1, 2)")
        .doesNotContain("class Modules");
  }

  @Test
  void hasAnEntryForEachTypeOfLayer() {
    assertThat(PytorchLayers.types())
        .containsExactlyInAnyOrderElementsOf(
            LayerTypes.all().stream().map(LayerType::spec).collect(Collectors.toSet()));
  }

  @Test
  void refusesAModuleInsideAnother() {
    assertThatThrownBy(
            () ->
                source(
                    """
                    input.shape = [1, 4, 4]
                    layers = [
                      { type = convolution, name = conv.inner, feature-maps = 2, field = 1 }
                      { type = fully-connected, name = conv, outputs = 2 }
                    ]
                    """))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(
            "Cannot export to PyTorch: a module must not lie in another, got conv.inner in conv."
                + " Name one of the layers differently.");
  }

  private static String source(String network, String... labels) {
    return PytorchSource.of(SampleNetworks.random(network, List.of(labels)));
  }
}
