package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.data.Sha256;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.testing.Specs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateFilesTest {
  private static final String DENSE = "{ type = fully-connected, name = dense1, outputs = 4 }";
  private static final String CONVOLUTION =
      "{ type = convolution, name = conv1, field = 3, feature-maps = 2 }";

  private final NetworkPlan plan = plan(CONVOLUTION, DENSE);
  private final StateFiles files = files(plan, 2);
  private final float[] state = anyBits(3 * plan.parameters());

  @Test
  void readsBackWhatItWroteBitForBit() throws IOException {
    byte[] parameters = parametersFile(files);
    byte[] slots = slotsFile(files);
    float[] read = new float[state.length];

    files.readModel(stream(parameters), parameters.length, "p.st", read);
    files.readSlots(stream(slots), slots.length, "s.st", read);

    assertThat(sha256(read)).isEqualTo(sha256(state));
  }

  @Test
  void readsParametersWithoutTouchingTheSlots() throws IOException {
    byte[] parameters = parametersFile(files);
    float[] read = new float[state.length];

    files.readModel(stream(parameters), parameters.length, "p.st", read);

    assertThat(Arrays.copyOfRange(read, plan.parameters(), read.length)).containsOnly(0f);
  }

  @Test
  void namesTensorsAsPyTorchDoes() throws IOException {
    byte[] parameters = parametersFile(files);

    Safetensors read = SafetensorsReader.read(stream(parameters), parameters.length, "p.st");

    assertThat(read.tensors())
        .extracting(TensorSlice::name)
        .containsExactlyInAnyOrder("conv1.weight", "conv1.bias", "dense1.weight", "dense1.bias");
    assertThat(read.tensor("conv1.weight").orElseThrow().dimensions())
        .containsExactly(2L, 1L, 3L, 3L);
    assertThat(read.tensor("dense1.weight").orElseThrow().dimensions()).containsExactly(4L, 72L);
  }

  @Test
  void writesAndReadsWhatIsFrozenAmongTheOthers() throws IOException {
    float[] model = anyBits(plan.parameters());
    NetworkPlan frozen = plan.freeze("conv1"::equals);
    float[] trained = Arrays.copyOf(frozen.trainedPart(model), 2 * frozen.parameters());
    StateFiles parts = files(frozen, 1);
    NetworkPlan other = plan.freeze("conv1"::equals);
    float[] read = new float[trained.length];

    byte[] file = parametersFile(parts, trained);
    files(other, 1).readModel(stream(file), file.length, "p.st", read);

    assertThat(file).isEqualTo(parametersFile(files(plan, 0), model));
    assertThat(sha256(read)).isEqualTo(sha256(trained));
    assertThat(sha256(other.frozen().values())).isEqualTo(sha256(frozen.frozen().values()));
    byte[] slots = slotsFile(parts, trained);
    assertThat(SafetensorsReader.read(stream(slots), slots.length, "s.st").tensors())
        .extracting(TensorSlice::name)
        .containsExactly("slot1.dense1.weight", "slot1.dense1.bias");
  }

  @Test
  void writesTheNetworksTextBesideTheParameters() throws IOException {
    byte[] parameters = parametersFile(files);

    Safetensors read = SafetensorsReader.read(stream(parameters), parameters.length, "p.st");

    assertThat(read.metadata())
        .isEqualTo(Map.of("format", "pt", "featuremap.network", "layers = []"));
  }

  @Test
  void keepsTheTrainedParametersBesideAModelThatIsASlot() throws IOException {
    StateFiles averaged = new StateFiles(plan, plan.stateLayout(2), plan.stateLayout(2).slotAt(1));
    byte[] model = parametersFile(averaged);
    byte[] rest = slotsFile(averaged);
    float[] read = new float[state.length];

    averaged.readModel(stream(model), model.length, "p.st", read);
    averaged.readSlots(stream(rest), rest.length, "s.st", read);

    assertThat(sha256(read)).isEqualTo(sha256(state));
    assertThat(SafetensorsReader.read(stream(rest), rest.length, "s.st").tensors())
        .extracting(TensorSlice::name)
        .hasSize(8)
        .contains("slot1.conv1.weight", "trained.conv1.weight")
        .doesNotContain("slot2.conv1.weight");
    TensorSlice bias =
        SafetensorsReader.read(stream(model), model.length, "p.st").tensor("conv1.bias").get();
    assertThat(bias.values()[bias.at()])
        .isEqualTo(state[plan.stateLayout(2).slotAt(1) + plan.tensors().get(1).at()]);
  }

  @Test
  void givesTheMemoryOfOuterMomentumBackBitForBit() throws IOException {
    float[] memory = anyBits(plan.parameters());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    float[] read = new float[memory.length];

    files.writeMemory(out, memory);
    byte[] file = out.toByteArray();
    files.readMemory(stream(file), file.length, "o.st", read);

    assertThat(sha256(read)).isEqualTo(sha256(memory));
    assertThat(SafetensorsReader.read(stream(file), file.length, "o.st").tensors())
        .extracting(TensorSlice::name)
        .hasSize(4)
        .contains("outer.conv1.weight");
  }

  @Test
  void numbersSlotsFromOne() throws IOException {
    byte[] slots = slotsFile(files);

    Safetensors read = SafetensorsReader.read(stream(slots), slots.length, "s.st");

    assertThat(read.tensors())
        .hasSize(8)
        .extracting(TensorSlice::name)
        .contains("slot1.conv1.weight", "slot2.dense1.bias");
  }

  @Test
  void writesAFileWithoutTensorsForAnOptimizerWithoutSlots() throws IOException {
    StateFiles withoutSlots = files(plan, 0);
    byte[] slots = slotsFile(withoutSlots);

    withoutSlots.readSlots(stream(slots), slots.length, "s.st", state.clone());

    assertThat(SafetensorsReader.read(stream(slots), slots.length, "s.st").tensors()).isEmpty();
  }

  @Test
  void refusesAnotherNumberOfTensors() {
    assertRefuses(
        plan(DENSE),
        "Cannot read p.st: the network has 2 tensors, got 4. Use the network it was written with.");
  }

  @Test
  void refusesTensorsOfOtherNames() {
    assertRefuses(
        plan(CONVOLUTION, DENSE.replace("dense1", "output")),
        "Cannot read p.st: it has no tensor output.weight. Use the network it was written with.");
  }

  @Test
  void refusesTensorsOfOtherShapes() {
    assertRefuses(
        plan(CONVOLUTION, DENSE.replace("4", "5")),
        "Cannot read p.st: dense1.weight must be [5, 72], got [4, 72]. Use the network it was"
            + " written with.");
  }

  @Test
  void refusesSlotsOfAnotherOptimizer() throws IOException {
    byte[] slots = slotsFile(files);

    assertThatThrownBy(
            () -> files(plan, 1).readSlots(stream(slots), slots.length, "s.st", state.clone()))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "Cannot read s.st: the network has 4 tensors, got 8. Use the network it was written"
                + " with.");
  }

  private void assertRefuses(NetworkPlan other, String message) {
    float[] target = new float[3 * other.parameters()];
    assertThatThrownBy(
            () -> {
              byte[] file = parametersFile(files);
              files(other, 2).readModel(stream(file), file.length, "p.st", target);
            })
        .isInstanceOf(FormatException.class)
        .hasMessage(message);
  }

  private byte[] parametersFile(StateFiles from) throws IOException {
    return parametersFile(from, state);
  }

  private static byte[] parametersFile(StateFiles from, float[] values) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    from.writeModel(out, "layers = []", ModelNotes.labelled(List.of()), values);
    return out.toByteArray();
  }

  private byte[] slotsFile(StateFiles from) throws IOException {
    return slotsFile(from, state);
  }

  private static byte[] slotsFile(StateFiles from, float[] values) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    from.writeSlots(out, values);
    return out.toByteArray();
  }

  /** Every bit pattern is as likely as any other: NaNs, infinities and subnormal numbers too. */
  private static float[] anyBits(int size) {
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      values[k] = Float.intBitsToFloat((int) CounterRandom.hash(1, k));
    }
    values[0] = -0f;
    values[1] = Float.NEGATIVE_INFINITY;
    values[2] = Float.intBitsToFloat(0x7FC0_1234); // a NaN with a payload
    return values;
  }

  private static String sha256(float[] values) {
    return Sha256.ofFloats(values, values.length);
  }

  private static ByteArrayInputStream stream(byte[] file) {
    return new ByteArrayInputStream(file);
  }

  private static StateFiles files(NetworkPlan plan, int slots) {
    return new StateFiles(plan, plan.stateLayout(slots), 0);
  }

  private static NetworkPlan plan(String... layers) {
    return Specs.plan(
        "input { shape = [1, 8, 8] }, layers = [ " + String.join(", ", layers) + " ]");
  }

  @Test
  void writesBuffersWithTheParametersUnderPyTorchsNames() throws IOException {
    NetworkPlan norm = plan(CONVOLUTION, "{ type = batch-norm, name = bn1 }", DENSE);
    StateFiles normFiles = files(norm, 2);
    float[] values = anyBits(3 * norm.parameters() + norm.buffers());
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    ByteArrayOutputStream slots = new ByteArrayOutputStream();
    normFiles.writeModel(model, "layers = []", ModelNotes.labelled(List.of()), values);
    normFiles.writeSlots(slots, values);
    float[] read = new float[values.length];

    normFiles.readModel(stream(model.toByteArray()), model.size(), "p.st", read);
    normFiles.readSlots(stream(slots.toByteArray()), slots.size(), "s.st", read);

    assertThat(sha256(read)).isEqualTo(sha256(values));
    assertThat(SafetensorsReader.read(stream(model.toByteArray()), model.size(), "p.st").tensors())
        .extracting(TensorSlice::name)
        .contains("bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var");
  }
}
