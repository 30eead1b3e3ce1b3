package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.testing.Specs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

    SafetensorsReader.read(in, file.length, "m.st", StateDictionary::isPassedOver);

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

  private static String entry(String name, String shape, int begin, int end) {
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%s,%s]},"
        .formatted(name, shape, begin, end);
  }

  /** A vector of {@code length}, or for 0 the weights of the fully connected layer. */
  private static TensorSlice tensor(String name, long length, float... values) {
    return new TensorSlice(name, length == 0 ? List.of(2L, 2L) : List.of(length), values, 0);
  }

  private float[] read(TensorSlice... tensors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, Map.of(), List.of(tensors));
    return read(out.toByteArray());
  }

  private float[] read(byte[] file) throws IOException {
    return StateDictionary.read(new ByteArrayInputStream(file), file.length, "m.st", plan);
  }
}
