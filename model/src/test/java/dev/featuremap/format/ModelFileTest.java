package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.image.Resize;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.testing.Specs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelFileTest {
  private static final String NETWORK =
      "input.shape = [1, 2, 2], layers = [{ type = fully-connected, name = output, outputs = 3 }]";

  private final NetworkPlan plan = Specs.plan(NETWORK);
  private final float[] parameters = plan.initialParameters(1);

  @Test
  void readsBackTheNetworkAndItsParameters() throws IOException {
    ModelFile model = read(file(NETWORK));

    assertThat(model.networkText()).isEqualTo(NETWORK);
    assertThat(model.plan()).isEqualTo(plan);
    assertThat(model.values()).containsExactly(parameters);
  }

  @Test
  void remembersHowImagesWereResized() throws IOException {
    for (Resize resize : ways()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ModelFile.of(NETWORK, List.of(), parameters).resizing(resize).write(out);

      assertThat(read(out.toByteArray()).resize()).isEqualTo(resize);
    }
  }

  private static List<Resize> ways() {
    List<Resize> ways = new ArrayList<>(Resize.words());
    ways.add(Resize.named("{ shorter = 256, crop = 224, filter = bicubic }").orElseThrow());
    ways.add(Resize.named("{ like = tensorflow, crop-padding = 32 }").orElseThrow());
    return ways;
  }

  @Test
  void saysNothingOfImagesThatAreNotResized() throws IOException {
    assertThat(new String(file(NETWORK), StandardCharsets.ISO_8859_1)).doesNotContain("resize");
  }

  @Test
  void refusesAWayToResizeThatItDoesNotKnow() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Map<String, String> metadata =
        Map.of("featuremap.network", NETWORK, "featuremap.resize", "squeeze");
    SafetensorsWriter.write(out, metadata, ModelFile.of(NETWORK, List.of(), parameters).tensors());

    assertRefuses(
        out.toByteArray(),
        "Cannot read the model m.st: featuremap.resize of its metadata must be one of [none, stretch, fit, crop], got squeeze.");
  }

  @Test
  void passesOverTheCountersOfPytorch() throws IOException {
    byte[] file = file(NETWORK);
    int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String json = new String(file, 8, header, StandardCharsets.UTF_8).strip();
    int data = 4 * parameters.length;
    String counted =
        json.substring(0, json.length() - 1)
            + ",\"bn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":["
            + data
            + ","
            + (data + 8)
            + "]}}";
    ByteBuffer both =
        ByteBuffer.allocate(8 + counted.length() + data + 8).order(ByteOrder.LITTLE_ENDIAN);
    both.putLong(counted.length()).put(counted.getBytes(StandardCharsets.UTF_8));
    both.put(file, 8 + header, data).putLong(77);

    assertThat(read(both.array()).values()).containsExactly(parameters);
  }

  @Test
  void takesWhatWrapsAModuleAndHalves() throws IOException {
    String header =
        """
        {"__metadata__":{"featuremap.network":"%s"},\
        "optimizer.state.0.exp_avg":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
        "module.output.weight":{"dtype":"BF16","shape":[3,4],"data_offsets":[4,28]},\
        "module.output.bias":{"dtype":"F16","shape":[3],"data_offsets":[28,34]}}"""
            .formatted(NETWORK);
    ByteBuffer file =
        ByteBuffer.allocate(8 + header.length() + 34)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length())
            .put(header.getBytes(StandardCharsets.UTF_8))
            .putFloat(99);
    for (int k = 0; k < 12; k++) {
      file.putShort((short) 0x3F80);
    }
    for (int k = 0; k < 3; k++) {
      file.putShort((short) 0xC000);
    }

    assertThat(read(file.array()).values())
        .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -2, -2, -2);
  }

  @Test
  void refusesAFileThatSaysNothingOfItsNetwork() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, Map.of("format", "pt"), List.of());

    assertRefuses(
        out.toByteArray(),
        "Cannot read the model m.st: its metadata must hold the network under featuremap.network,"
            + " got [format]. Give a model.safetensors of a run.");
  }

  @Test
  void refusesTensorsOfAnotherNetwork() throws IOException {
    assertRefuses(
        file(NETWORK.replace("= output", "= dense")),
        "Cannot read m.st: it has no tensor dense.weight. Use the network it was written with.");
  }

  @Test
  void refusesANetworkOfAnotherSize() throws IOException {
    assertRefuses(
        file(NETWORK.replace("outputs = 3", "outputs = 4")),
        "Cannot read the model m.st: its network has 20 parameters, got 15 values."
            + " Give a model.safetensors of a run.");
  }

  @Test
  void allocatesNothingForANetworkThatTheFileOnlyNames() throws IOException {
    assertRefuses(
        file(NETWORK.replace("2, 2]", "100, 100]").replace("outputs = 3", "outputs = 200000")),
        "Cannot read the model m.st: its network has 2000200000 parameters, got 15 values."
            + " Give a model.safetensors of a run.");
  }

  @Test
  void refusesANetworkThatIsNotUsable() throws IOException {
    assertRefuses(
        file(NETWORK.replace("outputs = 3", "outputs = 1")),
        "Cannot read the model m.st: its network is not usable: Cannot join the loss to output: it"
            + " takes a vector of at least 2 classes, got [1, 1, 1]. End the network with a"
            + " fully-connected layer.");
  }

  @Test
  void readsNoOtherFileForItsNetwork() throws IOException {
    assertRefuses(
        file("include file(\"/etc/hostname\")\n" + NETWORK),
        "Cannot read the model m.st: its network is not usable: Cannot parse the network:"
            + " include \"/etc/hostname\" is not supported. Copy its settings into"
            + " this file.");
  }

  @Test
  void refusesANetworkThatGrowsWithoutEnd() throws IOException {
    StringBuilder network = new StringBuilder("a0 = [x]\n");
    for (int k = 0; k < 60; k++) {
      network.append("a%s = ${a%s} ${a%s}\n".formatted(k + 1, k, k));
    }
    assertThatThrownBy(() -> read(file(network.toString())))
        .isInstanceOf(FormatException.class)
        .hasMessageMatching(
            "Cannot read the model m.st: its network is not usable: Cannot parse the network: text:"
                + " [0-9]+: its substitutions make more than 2097152 characters of it.");
    assertRefuses(
        file("layers = " + "[".repeat(100_000)),
        "Cannot read the model m.st: its network is not usable: Cannot parse the network: it has"
            + " more than 100 levels of braces, brackets and parts of keys.");
  }

  @Test
  void keepsTheNamesOfLabels() throws IOException {
    List<String> labels = List.of("cat", "a \"dog\", big", "\uD83D\uDE00\n");

    assertThat(read(file(NETWORK, labels)).labels()).isEqualTo(labels);
    assertThat(read(file(NETWORK, List.of())).labels()).isEmpty();
  }

  @Test
  void refusesLabelsThatAreNoList() throws IOException {
    String whole = new String(file(NETWORK, List.of("cat")), StandardCharsets.ISO_8859_1);
    String damaged = whole.replace("[\\\"cat\\\"]", "(\\\"cat\\\")");

    assertRefuses(
        damaged.getBytes(StandardCharsets.ISO_8859_1),
        "Cannot read featuremap.labels of m.st: at character 0 of the header, expected '[', got '('.");
  }

  private void assertRefuses(byte[] file, String message) {
    assertThatThrownBy(() -> read(file)).isInstanceOf(FormatException.class).hasMessage(message);
  }

  private static ModelFile read(byte[] file) throws IOException {
    return ModelFile.read(new ByteArrayInputStream(file), file.length, "m.st");
  }

  /** The parameters, said to be of a network. */
  private byte[] file(String network) throws IOException {
    return file(network, List.of());
  }

  private byte[] file(String network, List<String> labels) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new StateFiles(plan, plan.stateLayout(0), 0)
        .writeModel(out, network, ModelNotes.labelled(labels), parameters);
    return out.toByteArray();
  }
}
