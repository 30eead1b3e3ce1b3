package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.spec.NamePattern;
import dev.featuremap.spec.SpecException;
import dev.featuremap.testing.Specs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDictionaryTest {
  private final NetworkPlan plan =
      Specs.plan(
          """
          input.shape = [1, 1, 2]
          layers = [{ type = batch-norm, name = bn }, { type = fully-connected, name = fc, outputs = 2 }]
          """);

  @Test
  void readsWhatTheNetworkHasWhateverItsOrder() throws IOException {
    assertThat(
            read(
                tensor("bn.running_var", 1, 9),
                tensor("fc.bias", 2, 7, 8),
                tensor("fc.weight", 0, 3, 4, 5, 6),
                tensor("bn.bias", 1, 2),
                tensor("bn.running_mean", 1, 10),
                tensor("bn.weight", 1, 1)))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 9);
  }

  @Test
  void takesALinearLayerForAConvolutionOfOnePixel() throws IOException {
    NetworkPlan convolution =
        Specs.plan(
            """
            input.shape = [2, 1, 1]
            layers = [{ type = convolution, name = c, feature-maps = 3, field = 1, bias = false }, { type = flatten }]
            """);

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    float[] values = {1, 2, 3, 4, 5, 6};
    SafetensorsWriter.write(
        out, Map.of(), List.of(new TensorSlice("c.weight", List.of(3L, 2L), values, 0)));

    assertThat(
            StateDictionary.of(convolution)
                .read(new ByteArrayInputStream(out.toByteArray()), out.size(), "m.st")
                .values())
        .containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void passesOverTheCountersOfPytorch() throws IOException {
    String header =
        "{\"bn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + entry("bn.weight", "1", 8, 12)
            + entry("bn.bias", "1", 12, 16)
            + entry("fc.weight", "2,2", 16, 32)
            + entry("fc.bias", "2", 32, 40)
            + entry("bn.running_mean", "1", 40, 44)
            + entry("bn.running_var", "1", 44, 48).replace("},", "}}");
    ByteBuffer file = ByteBuffer.allocate(8 + header.length() + 48).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8)).putLong(77);
    for (int k = 1; k <= 10; k++) {
      file.putFloat(k);
    }

    assertThat(read(file.array())).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void readsEveryByteWhereADigestIsComputed() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(
        out,
        Map.of(),
        List.of(new TensorSlice("x.num_batches_tracked", List.of(40_000L), new float[40_000], 0)));
    byte[] file = out.toByteArray();
    MessageDigest whole = MessageDigest.getInstance("SHA-256");
    DigestInputStream in =
        new DigestInputStream(new ByteArrayInputStream(file), MessageDigest.getInstance("SHA-256"));

    SafetensorsReader.open(in, file.length, "m.st").readInto(Map.of());

    assertThat(in.getMessageDigest().digest()).isEqualTo(whole.digest(file));
  }

  @Test
  void listsEveryTensorThatDiffers() {
    assertThatThrownBy(
            () ->
                read(
                    tensor("bn.weight", 2, 1, 1),
                    tensor("bn.bias", 1, 2),
                    tensor("fc.weight", 0, 3, 4, 5, 6),
                    tensor("head.bias", 2, 7, 8)))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            """
            Cannot start from m.st: its tensors must be those of the network, got 5 differences:
              bn.weight must be [1], got [2]
              fc.bias [2] is missing
              bn.running_mean [1] is missing
              bn.running_var [1] is missing
              head.bias [2] is not of the network
            Give a file of this network, or the network of the file."""
                .formatted());
  }

  @Test
  void endsALongListEarly() {
    TensorSlice[] tensors = new TensorSlice[20];
    for (int k = 0; k < tensors.length; k++) {
      tensors[k] = tensor("t" + k, 1, k);
    }

    assertThatThrownBy(() -> read(tensors))
        .hasMessageContaining("got 26 differences:")
        .hasMessageContaining("  t3 [1] is not of the network%n  and 16 more%n".formatted());
  }

  @Test
  void refusesACounterThatRunsBackwards() {
    String header =
        "{\"bn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,0]}}";
    ByteBuffer file = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> read(file.array()))
        .hasMessage(
            "Cannot read tensor bn.num_batches_tracked of m.st: its data_offsets [8, 0] run backwards.");
  }

  @Test
  void refusesIntegersInPlaceOfValues() {
    Map<String, String> types = Map.of("fc.bias", "I32");

    assertThatThrownBy(() -> read(file(types, whole(""))))
        .hasMessageContaining("  fc.bias must be F32, F16, BF16, F64, got I32%n".formatted());
  }

  @Test
  void refusesATensorOfATypeThatIsNoFloat() {
    assertThatThrownBy(() -> read(file(Map.of("fc.weight", "F8_E5M2"), whole(""))))
        .hasMessageContaining("  fc.weight must be F32, F16, BF16, F64, got F8_E5M2%n".formatted());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "model.",
        "state_dict.",
        "state_dict.model.module.",
        "_orig_mod.",
        "backbone.",
        "net.encoder."
      })
  void understandsWhatStandsBeforeAllNames(String prefix) throws IOException {
    TakenValues read = start(file(Map.of(), whole(prefix)));

    assertThat(read.values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 9);
    assertThat(read.words())
        .containsExactly("takes 6 tensors with 10 values, whose names there begin with " + prefix);
  }

  @Test
  void prefersTheNamesOfTheNetworkItself() throws IOException {
    List<TensorSlice> tensors = new ArrayList<>(whole("model."));
    tensors.replaceAll(
        slice -> new TensorSlice(slice.name(), slice.dimensions(), new float[10], 0));
    tensors.addAll(whole(""));

    assertThatThrownBy(() -> start(file(Map.of(), tensors)))
        .hasMessageContaining("got 6 differences")
        .hasMessageContaining("  model.bn.running_var [1] is not of the network")
        .hasMessageEndingWith(
            "Give a file of this network, or set train.init-except = [\"model.*\"]: what it names"
                + " starts anew, or is not taken from the file.");
    assertThat(start(file(Map.of(), tensors), "model.*").values())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 9);
  }

  @Test
  void refusesTheNetworkTwiceUnderOtherNames() {
    List<TensorSlice> tensors = new ArrayList<>(whole("teacher."));
    tensors.addAll(whole("student."));

    assertThatThrownBy(() -> start(file(Map.of(), tensors)))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "Cannot read m.st: it has the tensors of the network more than once, under student. and"
                + " teacher.. Name what is not wanted in train.init-except, as in [\"teacher.*\"].");
  }

  @Test
  void takesTheNetworkThatIsLeftOfTwo() throws IOException {
    List<TensorSlice> tensors = new ArrayList<>(whole("teacher."));
    tensors.addAll(whole("student."));

    assertThat(start(file(Map.of(), tensors), "teacher").words())
        .containsExactly(
            "takes 6 tensors with 10 values, whose names there begin with student.",
            "of the file, it does not use 6 tensors that train.init-except names"
                + " (teacher.bn.running_var, teacher.fc.bias, teacher.fc.weight, teacher.bn.bias,"
                + " …)");
  }

  @Test
  void passesOverWhatAnOptimizerKeeps() throws IOException {
    List<TensorSlice> tensors = new ArrayList<>();
    for (String name :
        List.of(
            "optimizer.state.0.exp_avg",
            "optimizer_states.0.step",
            "exp_avg.fc.weight",
            "fc.weight.momentum_buffer",
            "lr_scheduler.last_lr")) {
      tensors.add(tensor(name, 1, 77));
    }
    tensors.addAll(whole("model."));
    tensors.add(new TensorSlice("epoch", List.of(), new float[] {3}, 0));
    tensors.add(tensor("bn.num_batches_tracked", 1, 5));
    tensors.add(tensor("position_ids", 1, 5));

    TakenValues read = start(file(Map.of("position_ids", "I64"), tensors));

    assertThat(read.values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 9);
    assertThat(read.words())
        .containsExactly(
            "takes 6 tensors with 10 values, whose names there begin with model.",
            "of the file, it does not use 1 counter of batches, 5 tensors of an optimizer"
                + " (optimizer.state.0.exp_avg, optimizer_states.0.step, exp_avg.fc.weight,"
                + " fc.weight.momentum_buffer, …), 2 tensors of integers or one number (epoch,"
                + " position_ids)");
  }

  @Test
  void takesANetworkWhoseLayersHaveNamesOfOptimizers() throws IOException {
    NetworkPlan odd =
        Specs.plan(
            "input.shape = [1, 1, 2], layers = [{ type = fully-connected, name = optimizer, outputs = 2 }]");

    byte[] file =
        file(
            Map.of(),
            List.of(tensor("optimizer.weight", 0, 1, 2, 3, 4), tensor("optimizer.bias", 2, 5, 6)));

    assertThat(
            StateDictionary.of(odd).read(new ByteArrayInputStream(file), file.length, "m").values())
        .containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void makesFloatsOfHalves() throws IOException {
    TakenValues read =
        start(file(Map.of("fc.bias", "F16", "bn.weight", "BF16", "fc.weight", "F64"), whole("")));

    assertThat(read.values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 9);
    assertThat(read.words())
        .containsExactly("takes 6 tensors with 10 values (BF16 and F16 and F64 made F32)");
  }

  @Test
  void keepsInitialValuesOfWhatIsExcepted() throws IOException {
    TakenValues read = start(file(Map.of(), whole("")), "fc");

    float[] initial = plan.initialState(7, 0);
    assertThat(read.values())
        .containsExactly(
            1, 2, initial[2], initial[3], initial[4], initial[5], initial[6], initial[7], 10, 9);
    assertThat(initial[2]).isNotZero();
    assertThat(read.words())
        .containsExactly(
            "takes 4 tensors with 4 values; 2 tensors stay at initial values: fc.weight, fc.bias",
            "of the file, it does not use 2 tensors that train.init-except names (fc.bias,"
                + " fc.weight)");
  }

  @Test
  void needsNotHaveWhatIsExcepted() throws IOException {
    List<TensorSlice> tensors = new ArrayList<>(whole("module."));
    tensors.removeIf(tensor -> tensor.name().endsWith("fc.bias"));

    assertThat(start(file(Map.of(), tensors), "*.bias", "bn.running_*").words())
        .containsExactly(
            "takes 2 tensors with 5 values, whose names there begin with module.; 4 tensors stay at"
                + " initial values: bn.bias, fc.bias, bn.running_mean, bn.running_var",
            "of the file, it does not use 3 tensors that train.init-except names"
                + " (module.bn.running_var, module.bn.bias, module.bn.running_mean)");
  }

  @Test
  void offersToStartAHeadOfOtherClassesAnew() {
    List<TensorSlice> tensors = new ArrayList<>(whole("module."));
    tensors.removeIf(tensor -> tensor.name().contains(".fc."));
    tensors.add(new TensorSlice("module.fc.weight", List.of(5L, 2L), new float[10], 0));
    tensors.add(new TensorSlice("module.fc.bias", List.of(5L), new float[5], 0));

    assertThatThrownBy(() -> start(file(Map.of(), tensors)))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "Cannot start from m.st: its fc.weight and fc.bias have 5 outputs, the network 2. Set"
                + " train.init-except = [\"fc.*\"] to start this layer anew.");
    assertThatThrownBy(() -> start(file(Map.of(), tensors), "fc.bias", "bn.bias"))
        .hasMessage(
            "Cannot start from m.st: its fc.weight has 5 outputs, the network 2. Set"
                + " train.init-except = [\"fc.bias\", \"bn.bias\", \"fc.*\"] to start this layer anew.");
  }

  @Test
  void offersToLeaveOutWhatElseDiffers() {
    List<TensorSlice> tensors = new ArrayList<>(whole(""));
    tensors.removeIf(tensor -> tensor.name().startsWith("fc."));
    tensors.add(new TensorSlice("head.layers.0.weight", List.of(5L, 3L), new float[15], 0));
    tensors.add(new TensorSlice("head.layers.2.bias", List.of(5L), new float[5], 0));
    tensors.add(tensor("bn.extra", 1, 5));

    assertThatThrownBy(() -> start(file(Map.of(), tensors)))
        .hasMessage(
            """
            Cannot start from m.st: its tensors must be those of the network, got 5 differences:
              fc.weight [2, 2] is missing
              fc.bias [2] is missing
              head.layers.0.weight [5, 3] is not of the network
              head.layers.2.bias [5] is not of the network
              bn.extra [1] is not of the network
            Give a file of this network, or set train.init-except = ["fc.*", "head.*", "bn.extra"]: \
            what it names starts anew, or is not taken from the file."""
                .formatted());
  }

  @Test
  void refusesPatternsOfNothing() {
    assertThatThrownBy(() -> start(file(Map.of(), whole("")), "fc", "head.*", "f"))
        .isInstanceOfSatisfying(
            SpecException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "Cannot use train.init-except: no tensor is named head.*, neither in the"
                            + " network nor in m.st. The network has bn, fc.",
                        "Cannot use train.init-except: no tensor is named f, neither in the"
                            + " network nor in m.st. The network has bn, fc."));
  }

  @Test
  void takesOtherNamesForThoseOfTheNetwork() throws IOException {
    List<TensorSlice> tensors = new ArrayList<>(whole("module.features."));
    tensors.removeIf(tensor -> tensor.name().contains(".fc."));
    tensors.add(tensor("module.classifier.1.weight", 0, 3, 4, 5, 6));
    tensors.add(tensor("module.classifier.1.b", 2, 7, 8));

    TakenValues read =
        start(
            file(Map.of(), tensors),
            Map.of("features.bn", "bn", "classifier.1", "fc", "classifier.1.b", "fc.bias"));

    assertThat(read.values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 9);
    assertThat(read.words())
        .containsExactly(
            "takes 6 tensors with 10 values, whose names there begin with module., 6 of them"
                + " renamed");
    assertThat(
            start(file(Map.of(), tensors), Map.of("features.bn", "bn"), "fc", "classifier")
                .words()
                .get(0))
        .isEqualTo(
            "takes 4 tensors with 4 values, whose names there begin with module., 4 of them"
                + " renamed; 2 tensors stay at initial values: fc.weight, fc.bias");
  }

  @Test
  void refusesNamesOfNothing() {
    assertThatThrownBy(
            () -> start(file(Map.of(), whole("module.")), Map.of("head", "fc", "b", "bn")))
        .isInstanceOfSatisfying(
            SpecException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "Cannot use train.init-names: no tensor of m.st is named b. It has bn, fc.",
                        "Cannot use train.init-names: no tensor of m.st is named head. It has bn,"
                            + " fc."));
  }

  @Test
  void refusesTwoTensorsUnderOneName() {
    List<TensorSlice> tensors = new ArrayList<>(whole(""));
    tensors.add(tensor("head.bias", 2, 7, 8));

    assertThatThrownBy(() -> start(file(Map.of(), tensors), Map.of("head", "fc")))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "Cannot read m.st: fc.bias and head.bias are both fc.bias of the network. Change"
                + " train.init-names, or name one of them in train.init-except.");
  }

  @Test
  void refusesToTakeNothing() {
    assertThatThrownBy(() -> start(file(Map.of(), whole("")), "*"))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "Cannot use train.init-except: it names every tensor of the network. Leave it and"
                + " train.init-from out, to start anew.");
  }

  @Test
  void looksIntoNamesOfManyPartsNoFurtherThanPrefixesGo() {
    byte[] file = file(Map.of(), List.of(tensor("a.".repeat(1_000_000) + "fc.bias", 2, 1, 2)));

    assertThatThrownBy(() -> start(file)).isInstanceOf(FormatException.class);
  }

  private static String entry(String name, String shape, int begin, int end) {
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%s,%s]},"
        .formatted(name, shape, begin, end);
  }

  /** A vector of {@code length}, or for 0 the weights of the fully connected layer. */
  private static TensorSlice tensor(String name, long length, float... values) {
    return new TensorSlice(name, length == 0 ? List.of(2L, 2L) : List.of(length), values, 0);
  }

  /** The whole network, with the values 1 to 10 in its order. */
  private static List<TensorSlice> whole(String prefix) {
    return List.of(
        tensor(prefix + "bn.running_var", 1, 9),
        tensor(prefix + "fc.bias", 2, 7, 8),
        tensor(prefix + "fc.weight", 0, 3, 4, 5, 6),
        tensor(prefix + "bn.bias", 1, 2),
        tensor(prefix + "bn.running_mean", 1, 10),
        tensor(prefix + "bn.weight", 1, 1));
  }

  /** A file whose tensors of these names are of other types. */
  private static byte[] file(Map<String, String> types, List<TensorSlice> tensors) {
    StringJoiner header = new StringJoiner(",", "{", "}");
    ByteBuffer data = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    for (TensorSlice tensor : tensors) {
      String type = types.getOrDefault(tensor.name(), "F32");
      int begin = data.position();
      for (int k = 0; k < tensor.size(); k++) {
        put(data, type, tensor.values()[k]);
      }
      header.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
              .formatted(tensor.name(), type, tensor.dimensions(), begin, data.position()));
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.position())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data.flip())
        .array();
  }

  private static void put(ByteBuffer data, String type, float value) {
    switch (type) {
      case "F64" -> data.putDouble(value);
      case "I64" -> data.putLong((long) value);
      case "I32" -> data.putInt((int) value);
      case "BF16" -> data.putShort((short) (Float.floatToIntBits(value) >> 16));
      // Small integers: exponents are biased by 15 in place of 127.
      case "F16" -> data.putShort((short) ((Float.floatToIntBits(value) - (112 << 23)) >> 13));
      case "F8_E5M2" -> data.put((byte) value);
      default -> data.putFloat(value);
    }
  }

  private TakenValues start(byte[] file, String... except) throws IOException {
    return start(file, Map.of(), except);
  }

  private TakenValues start(byte[] file, Map<String, String> renamed, String... except)
      throws IOException {
    TensorNames names = new TensorNames(Stream.of(except).map(NamePattern::of).toList(), renamed);
    return new StateDictionary(plan, names, 7)
        .read(new ByteArrayInputStream(file), file.length, "m.st");
  }

  private float[] read(TensorSlice... tensors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, Map.of(), List.of(tensors));
    return read(out.toByteArray());
  }

  private float[] read(byte[] file) throws IOException {
    return StateDictionary.of(plan)
        .read(new ByteArrayInputStream(file), file.length, "m.st")
        .values();
  }
}
