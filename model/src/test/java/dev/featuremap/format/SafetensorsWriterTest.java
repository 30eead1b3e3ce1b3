package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsWriterTest {

  @Test
  void writesTheseVeryBytes() throws IOException {
    TensorSlice tensor = new TensorSlice("w", List.of(1L, 2L), new float[] {9, 1, -2.5f}, 1);

    byte[] file = write(Map.of("b", "2", "a", "1"), List.of(tensor));

    String header =
        "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    assertThat(header).hasSize(89);
    assertThat(HexFormat.of().formatHex(file))
        .isEqualTo(
            "6000000000000000" // 96, the next multiple of 8
                + HexFormat.of().formatHex(header.getBytes(StandardCharsets.US_ASCII))
                + "20202020202020"
                + "0000803f" // 1
                + "000020c0"); // -2.5
  }

  @Test
  void writesAnEmptyFile() throws IOException {
    assertThat(HexFormat.of().formatHex(write(Map.of(), List.of())))
        .isEqualTo("0800000000000000" + "7b7d202020202020");
  }

  @Test
  void keepsTheOrderOfTensors() throws IOException {
    float[] values = {1, 2, 3};

    byte[] file =
        write(
            Map.of(),
            List.of(
                new TensorSlice("z", List.of(2L), values, 0),
                new TensorSlice("a", List.of(), values, 2)));

    assertThat(new String(file, 8, file.length - 8, StandardCharsets.ISO_8859_1))
        .startsWith(
            "{\"z\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}");
  }

  @Test
  void comesBackBitForBitWhateverTheLength() throws IOException {
    float[] values = new float[40_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(i * 0x9E3779B9);
    }
    values[0] = -0f;
    List<TensorSlice> tensors =
        List.of(
            new TensorSlice("conv1.weight", List.of(16_383L), values, 0),
            new TensorSlice("none", List.of(0L, 7L), values, 16_383),
            new TensorSlice("conv1.bias", List.of(1L), values, 16_383),
            new TensorSlice("dense.weight", List.of(236L, 100L), values, 16_384));

    Safetensors read = read(write(Map.of("k", "v"), tensors));

    assertThat(bits(read.values())).containsExactly(bits(Arrays.copyOf(values, 39_984)));
    assertThat(read.tensors())
        .extracting(TensorSlice::name)
        .containsExactly("conv1.weight", "none", "conv1.bias", "dense.weight");
    assertThat(read.tensor("dense.weight").orElseThrow().dimensions()).containsExactly(236L, 100L);
    assertThat(read.tensor("dense.weight").orElseThrow().at()).isEqualTo(16_384);
    assertThat(read.tensor("absent")).isEmpty();
    assertThat(read.metadata()).isEqualTo(Map.of("k", "v"));
  }

  @Test
  void escapesNamesAndMetadata() throws IOException {
    String odd = "\"\\/\b\f\n\r\t\u0000\u001f é 日 😀 %s";

    Safetensors read =
        read(write(Map.of(odd, odd), List.of(new TensorSlice(odd, List.of(), new float[1], 0))));

    assertThat(read.metadata()).isEqualTo(Map.of(odd, odd));
    assertThat(read.tensor(odd)).isPresent();
  }

  @Test
  void returnsTheBytesWritten() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TensorSlice tensor = new TensorSlice("w", List.of(3L), new float[3], 0);

    assertThat(SafetensorsWriter.write(out, Map.of(), List.of(tensor))).isEqualTo(out.size());
  }

  @Test
  void refusesANameThatOccursTwice() {
    TensorSlice tensor = new TensorSlice("w", List.of(), new float[1], 0);

    assertThatThrownBy(() -> write(Map.of(), List.of(tensor, tensor)))
        .hasMessage("Cannot write tensor w: the name occurs twice.");
  }

  @Test
  void refusesATensorNamedLikeTheMetadata() {
    TensorSlice tensor = new TensorSlice("__metadata__", List.of(), new float[1], 0);

    assertThatThrownBy(() -> write(Map.of(), List.of(tensor)))
        .hasMessage("Cannot write tensor __metadata__: safetensors keeps that name for metadata.");
  }

  @Test
  void refusesHalfASurrogatePair() {
    assertThatThrownBy(() -> write(Map.of("key", "\ud83d"), List.of()))
        .hasMessage("Cannot write safetensors: a name or metadata holds half a surrogate pair.");
  }

  @Test
  void refusesASliceBeyondItsArray() {
    assertThatThrownBy(() -> new TensorSlice("w", List.of(2L, 2L), new float[6], 3))
        .hasMessage("Cannot slice tensor w: [2, 2] at 3 exceeds an array of 6.");
    assertThatThrownBy(() -> new TensorSlice("w", List.of(-1L), new float[6], 0))
        .hasMessage("Cannot slice tensor w: an axis is at least 0, got [-1].");
    assertThatThrownBy(() -> new TensorSlice("w", List.of(1L << 40, 1L << 40), new float[6], 0))
        .hasMessage(
            "Cannot slice tensor w: [1099511627776, 1099511627776] has more than 2^63 elements.");
  }

  private static byte[] write(Map<String, String> metadata, List<TensorSlice> tensors)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, metadata, tensors);
    return out.toByteArray();
  }

  private static Safetensors read(byte[] file) throws IOException {
    return SafetensorsReader.read(new ByteArrayInputStream(file), file.length, "test");
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
