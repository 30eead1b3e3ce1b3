package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.spec.NamePattern;
import dev.featuremap.testing.Specs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Small networks under the names of some that timm has too. */
class NamingSchemeTest {
  private static final String CONVOLUTION =
      "{ type = convolution, name = %s, feature-maps = 1, field = 1, bias = false }";

  private final NetworkPlan mobile =
      plan(
          "[1, 1, 1]",
          CONVOLUTION.formatted("features.0.0"),
          CONVOLUTION.formatted("features.1.conv.0.0"),
          CONVOLUTION.formatted("features.1.conv.1"),
          CONVOLUTION.formatted("features.2.conv.0.0"),
          CONVOLUTION.formatted("features.2.conv.2"),
          CONVOLUTION.formatted("features.3.conv.0.0"),
          CONVOLUTION.formatted("features.3.conv.2"),
          "{ type = fully-connected, name = classifier.1, outputs = 2 }");

  private static NetworkPlan plan(String shape, String... layers) {
    return Specs.plan(
        "input.shape = %s\nlayers = [ %s ]".formatted(shape, String.join("\n", layers)));
  }

  private static TensorSlice tensor(String name, List<Long> shape, float... values) {
    return new TensorSlice(name, shape, values, 0);
  }

  private static TensorSlice pixel(String name, float value) {
    return tensor(name, List.of(1L, 1L, 1L, 1L), value);
  }

  /** The tensors of {@link #mobile} as timm calls them. */
  private static List<TensorSlice> timm(String prefix, int classes) {
    List<TensorSlice> tensors = new ArrayList<>();
    tensors.add(tensor(prefix + "classifier.bias", List.of((long) classes), new float[classes]));
    tensors.add(
        tensor(prefix + "classifier.weight", List.of((long) classes, 1L), new float[classes]));
    tensors.add(pixel(prefix + "blocks.10.0.conv_pwl.weight", 7));
    tensors.add(pixel(prefix + "blocks.10.0.conv_pw.weight", 6));
    tensors.add(pixel(prefix + "blocks.2.0.conv_pwl.weight", 5));
    tensors.add(pixel(prefix + "blocks.2.0.conv_pw.weight", 4));
    tensors.add(pixel(prefix + "blocks.0.0.conv_pw.weight", 3));
    tensors.add(pixel(prefix + "blocks.0.0.conv_dw.weight", 2));
    tensors.add(pixel(prefix + "conv_stem.weight", 1));
    return tensors;
  }

  private static TakenValues read(NetworkPlan plan, List<TensorSlice> tensors, String... except)
      throws IOException {
    byte[] file = file(Map.of(), tensors);
    TensorNames names = new TensorNames(Stream.of(except).map(NamePattern::of).toList(), Map.of());
    return new StateDictionary(plan, names, 7)
        .read(new ByteArrayInputStream(file), file.length, "m.st");
  }

  private static byte[] file(Map<String, String> metadata, List<TensorSlice> tensors)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, metadata, tensors);
    return out.toByteArray();
  }

  @Test
  void countsBlocksOfAllStagesInTheOrderOfTheirNumbers() throws IOException {
    TakenValues read = read(mobile, timm("module.", 2));

    assertThat(read.values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0);
    assertThat(read.words())
        .containsExactly(
            "takes 9 tensors with 11 values, whose names there begin with module., 9 of them"
                + " renamed",
            "of the file, its names are those of timm's MobileNetV2");
  }

  @Test
  void saysNothingOfNamesThatAreTheNetworks() throws IOException {
    List<TensorSlice> own = new StateFiles(mobile, mobile.stateLayout(0), 0).model(new float[11]);

    assertThat(read(mobile, own).words()).containsExactly("takes 9 tensors with 11 values");
  }

  @Test
  void findsAHeadOfOtherClassesUnderItsOtherName() throws IOException {
    byte[] file = file(Map.of(), timm("", 5));

    assertThat(StateDictionary.classes(new ByteArrayInputStream(file), file.length, "m.st", mobile))
        .isEqualTo(5);
    assertThatThrownBy(() -> read(mobile, timm("", 5)))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "Cannot start from m.st: its classifier.1.weight and classifier.1.bias have 5 outputs,"
                + " the network 2. Set train.init-except = [\"classifier.1.*\"] to start this layer"
                + " anew.");
    assertThat(read(mobile, timm("", 5), "classifier.1.*").words())
        .contains(
            "of the file, it does not use 2 tensors that train.init-except names"
                + " (classifier.bias, classifier.weight)");
  }

  @Test
  void knowsNoNamesOfBlocksThatTheFileLacks() {
    List<TensorSlice> tensors = timm("", 2);
    tensors.removeIf(tensor -> tensor.name().startsWith("blocks.10."));

    assertThatThrownBy(() -> read(mobile, tensors))
        .hasMessageContaining("features.3.conv.0.0.weight [1, 1, 1, 1] is missing")
        .hasMessageContaining("got 2 differences:");
  }

  @Test
  void doesNotTakeAFewNamesThatAgreeByChance() {
    List<TensorSlice> tensors = timm("", 2);
    tensors.removeIf(tensor -> !tensor.name().startsWith("c"));

    assertThatThrownBy(() -> read(mobile, tensors))
        .hasMessageContaining("classifier.bias [2] is not of the network");
  }

  @Test
  void takesAConvolutionOverAllPixelsForAFullyConnectedLayer() throws IOException {
    NetworkPlan vgg =
        plan(
            "[2, 1, 2]",
            "{ type = fully-connected, name = classifier.0, outputs = 1 }",
            "{ type = fully-connected, name = classifier.3, outputs = 1 }",
            "{ type = fully-connected, name = classifier.6, outputs = 2 }");
    List<TensorSlice> head =
        List.of(
            tensor("pre_logits.fc1.bias", List.of(1L), 5),
            tensor("pre_logits.fc2.weight", List.of(1L, 1L, 1L, 1L), 6),
            tensor("pre_logits.fc2.bias", List.of(1L), 7),
            tensor("head.fc.weight", List.of(2L, 1L), 8, 9),
            tensor("head.fc.bias", List.of(2L), 10, 11));

    assertThat(
            read(
                    vgg,
                    with(
                        head, tensor("pre_logits.fc1.weight", List.of(1L, 2L, 1L, 2L), 1, 2, 3, 4)))
                .values())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThatThrownBy(
            () ->
                read(
                    vgg,
                    with(head, tensor("pre_logits.fc1.weight", List.of(1L, 2L, 1L, 1L), 1, 2))))
        .hasMessageContaining("classifier.0.weight must be [1, 4], got [1, 2, 1, 1]");
  }

  private static List<TensorSlice> with(List<TensorSlice> tensors, TensorSlice other) {
    return Stream.concat(tensors.stream(), Stream.of(other)).toList();
  }

  @Test
  void refusesWeightsOfANetworkThatComputesOtherwise() {
    NetworkPlan other =
        plan(
            "[1, 1, 1]",
            CONVOLUTION.formatted("features.0.0"),
            CONVOLUTION.formatted("features.1.block.0.0"),
            "{ type = fully-connected, name = classifier.3, outputs = 2 }");

    assertThatThrownBy(
            () ->
                read(
                    other,
                    List.of(
                        pixel("conv_stem.weight", 1),
                        pixel("blocks.0.0.conv_pw.weight", 2),
                        tensor("classifier.weight", List.of(2L, 1L), 1, 2),
                        tensor("classifier.bias", List.of(2L), 1, 2))))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "Cannot start from m.st: its names are those of timm's MobileNetV3. Its networks"
                + " normalize otherwise than torchvision's: take the network"
                + " timm-mobilenet-v3-large or -small, and for weights of tf_mobilenetv3"
                + " tf-mobilenet-v3-large or -small.");
  }

  @Test
  void saysThatNamesOfTimmDoNotTellNetworksApart() throws IOException {
    NetworkPlan own =
        plan(
            "[1, 1, 1]",
            CONVOLUTION.formatted("conv_stem"),
            "{ type = fully-connected, name = classifier, outputs = 2 }");
    byte[] said =
        file(
            Map.of("featuremap.network", "that of a run"),
            new StateFiles(own, own.stateLayout(0), 0).model(new float[5]));

    assertThat(read(own, new StateFiles(own, own.stateLayout(0), 0).model(new float[5])).words())
        .containsExactly(
            "takes 3 tensors with 5 values",
            "of the file, its names are those of timm. Its networks with and without tf_ have the"
                + " same tensors, but compute otherwise: the network's file says which of them it"
                + " is.");
    assertThat(
            StateDictionary.of(own)
                .read(new ByteArrayInputStream(said), said.length, "m.st")
                .words())
        .containsExactly("takes 3 tensors with 5 values");
  }

  @Test
  void countsByTheNumbersOfNames() {
    NamingRule rule = NamingRule.of("a{s}.{i}.x = b{s/2}.{i+1}.{s-1}.y");

    assertThat(rule.apply("a3.9.x.weight", List.of())).contains("b1.10.2.y.weight");
    assertThat(rule.apply("a3.9.x", List.of())).contains("b1.10.2.y");
    assertThat(rule.apply("a3.9.xx", List.of())).isEmpty();
    assertThat(rule.apply("a30000.9.x", List.of())).isEmpty();
    assertThat(rule.apply("pre.a3.9.x", List.of())).isEmpty();
  }
}
