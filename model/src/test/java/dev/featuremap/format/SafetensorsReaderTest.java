package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsReaderTest {

  @Test
  void sortsTensorsByTheirData() throws IOException {
    String header = "{" + entry("b", "[1]", 4, 8) + "," + entry("a", "[]", 0, 4) + "}";

    Safetensors read = read(file(header, 8));

    assertThat(read.tensors()).extracting(TensorSlice::name).containsExactly("a", "b");
    assertThat(read.tensor("b").orElseThrow().at()).isEqualTo(1);
  }

  @Test
  void takesWhitespaceBetweenTokensAndSpacesBehindThem() throws IOException {
    String header =
        "{ \"w\" :\t{ \"data_offsets\": [ 0 ,\n 4 ], \"shape\" : [ ] ,\r\n\"dtype\":\"F32\" } }   ";

    assertThat(read(file(header, 4)).tensor("w")).isPresent();
  }

  @Test
  void resolvesEscapes() throws IOException {
    String header = "{\"__metadata__\":{\"\\u0041\\ud83d\\uDE00\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}}";

    assertThat(read(file(header, 0)).metadata()).isEqualTo(Map.of("A😀", "\"\\/\b\f\n\r\t"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}|Cannot read tensor w of m.st: only F32, F16, BF16, F64 can be read, got F8_E4M3. Save it in 32 bits, in PyTorch after model.float().
          {"w":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}|Cannot read tensor w of m.st: shape [2] takes 4 bytes, got data_offsets [0, 8].
          {"w":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}|Cannot read tensor w of m.st: shape [2] takes 16 bytes, got data_offsets [0, 8].
          {"w":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}|Cannot read tensor w of m.st: only F32, F16, BF16, F64 can be read, got I64. Save it in 32 bits, in PyTorch after model.float().
          {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}|Cannot read tensor w of m.st: shape [2] takes 8 bytes, got data_offsets [0, 4].
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}|Cannot read tensor w of m.st: shape [1] takes 4 bytes, got data_offsets [4, 0].
          {"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}|Cannot read tensor w of m.st: shape [4294967296, 4294967296] exceeds 2^63 bytes.
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}|Cannot read tensor w of m.st: it leaves a hole: expected data_offsets from 0, got [4, 8].
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}|Cannot read tensor v of m.st: it overlaps the tensor before: expected data_offsets from 4, got [0, 8].
          {"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}|Cannot read tensor w of m.st: its data_offsets [0, 12] exceed the 8 bytes behind the header.
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}|Cannot read m.st: its tensors take 4 bytes, got 8 behind the header.
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}|Cannot read tensor w of m.st: data_offsets are two numbers, got [0, 4, 8].
          {"w":{"dtype":"F32","shape":[1]}}|Cannot read tensor w of m.st: dtype, shape and data_offsets are required.
          {"w":{"dtype":"F32","dtype":"F32"}}|Cannot read tensor w of m.st: dtype occurs twice.
          {"w":{"shape":[],"shape":[]}}|Cannot read tensor w of m.st: shape occurs twice.
          {"w":{"data_offsets":[],"data_offsets":[]}}|Cannot read tensor w of m.st: data_offsets occurs twice.
          {"w":{"strides":[1]}}|Cannot read tensor w of m.st: expected dtype, shape and data_offsets, got strides.
          {"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"w":{}}|Cannot read m.st: the header names w twice.
          {"__metadata__":{},"__metadata__":{}}|Cannot read m.st: the header names __metadata__ twice.
          {"__metadata__":{"k":"1","k":"1"}}|Cannot read m.st: the metadata names k twice.
          {"__metadata__":{"k":1}}|Cannot read m.st: at character 21 of the header, expected a string, got '1'.
          {"w":[[[[[[[[]]]]]]]]}|Cannot read m.st: at character 5 of the header, expected '{', got '['.
          {"w":{"shape":[-1]}}|Cannot read m.st: at character 15 of the header, expected an integer of at least 0, got '-'.
          {"w":{"shape":[01]}}|Cannot read m.st: at character 15 of the header, expected an integer of at least 0, got '0'.
          {"w":{"shape":[1.0]}}|Cannot read m.st: at character 15 of the header, expected an integer of at least 0, got '1'.
          {"w":{"shape":[1e3]}}|Cannot read m.st: at character 15 of the header, expected an integer of at least 0, got '1'.
          {"w":{"shape":[1,]}}|Cannot read m.st: at character 17 of the header, expected an integer of at least 0, got ']'.
          {"w":{"shape":[9223372036854775808]}}|Cannot read m.st: an integer at character 15 of the header exceeds 2^63 - 1.
          {"w":{"dtype":null}}|Cannot read m.st: at character 14 of the header, expected a string, got 'n'.
          {"\\x":1}|Cannot read m.st: at character 3 of the header, expected one of " \\ / b f n r t u behind a backslash, got 'x'.
          {"\\u12g4":1}|Cannot read m.st: at character 6 of the header, expected four hexadecimal digits behind \\u, got 'g'.
          {"\\ud800":1}|Cannot read m.st: the string at character 1 of the header holds half a surrogate pair.
          {"a":{}|Cannot read tensor a of m.st: dtype, shape and data_offsets are required.
          {"a|Cannot read m.st: at character 3 of the header, expected '"', got the end of the header.
          {}x|Cannot read m.st: at character 2 of the header, expected only spaces behind the header's closing '}', got 'x'.
          {'a':1}|Cannot read m.st: at character 1 of the header, expected a string, got '''.
          """)
  void refusesABrokenHeader(String header, String message) {
    assertThatThrownBy(() -> read(file(header, 8)))
        .isInstanceOf(FormatException.class)
        .hasMessage(message);
  }

  @Test
  void refusesAControlCharacterInAString() {
    assertThatThrownBy(() -> read(file("{\"a\nb\":1}", 0)))
        .hasMessage(
            "Cannot read m.st: at character 3 of the header, expected no bare control character in"
                + " a string, got U+000A.");
  }

  @Test
  void refusesAnotherWhitespaceAsPadding() {
    assertThatThrownBy(() -> read(file("{}\n", 0)))
        .hasMessage(
            "Cannot read m.st: at character 2 of the header, expected only spaces behind the"
                + " header's closing '}', got U+000A.");
  }

  @Test
  void refusesAHeaderThatStartsWithASpace() {
    assertThatThrownBy(() -> read(file(" {}", 0)))
        .hasMessage("Cannot read m.st: a header starts with '{', got byte 0x20.");
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() {
    byte[] file = file("{\"a\":1}", 0);
    file[10] = (byte) 0xFF;

    assertThatThrownBy(() -> read(file)).hasMessage("Cannot read m.st: its header is not UTF-8.");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 11, 100_000_001, Integer.MAX_VALUE, Long.MAX_VALUE, -1})
  void refusesAHeaderLengthBeyondTheFile(long headerLength) {
    byte[] file = file("{}", 8);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength);

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "Cannot read m.st: its header takes 2 to 10 bytes, got %s.",
            Long.toUnsignedString(headerLength));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PK\\3\\4\\0\\0\\10\\10 | it is a zip file, as torch.save writes it. Convert it: python3 -c 'import torch, safetensors.torch as s; d = torch.load(\"model.pth\", map_location=\"cpu\", weights_only=True); s.save_file({k: v.contiguous().clone() for k, v in d.get(\"state_dict\", d).items()}, \"model.safetensors\")'.",
        "\\200\\2\\212\\12l\\374\\234F | it is a Python pickle, as older versions of torch.save write it. Convert it: python3 -c 'import torch, safetensors.torch as s; d = torch.load(\"model.pth\", map_location=\"cpu\", weights_only=True); s.save_file({k: v.contiguous().clone() for k, v in d.get(\"state_dict\", d).items()}, \"model.safetensors\")'.",
        "\\211HDF\\r\\n\\32\\n | it is an HDF5 file, as Keras writes it. Convert it: python3 -c 'import h5py, numpy, safetensors.numpy as s; t = {}; h5py.File(\"model.h5\").visititems(lambda n, d: t.update({n.replace(\"/\", \".\"): numpy.ascontiguousarray(d[()].transpose(3, 2, 0, 1) if d.ndim == 4 else d[()].T)}) if isinstance(d, h5py.Dataset) else None); s.save_file(t, \"model.safetensors\")'.",
        "PK\\3\\4--------------------------conv1.weight.npy | it is a zip file of NumPy arrays (.npz). Convert it: python3 -c 'import numpy, safetensors.numpy as s; s.save_file(dict(numpy.load(\"model.npz\")), \"model.safetensors\")'.",
        "PK\\3\\4--------------------------archive/data.pkl | it is a zip file, as torch.save writes it. Convert it: python3 -c 'import torch, safetensors.torch as s; d = torch.load(\"model.pth\", map_location=\"cpu\", weights_only=True); s.save_file({k: v.contiguous().clone() for k, v in d.get(\"state_dict\", d).items()}, \"model.safetensors\")'.",
        "PK\\3\\4--------------------------metadata.json | it is a Keras archive. Unpack it and take its model.weights.h5. Convert it: python3 -c 'import h5py, numpy, safetensors.numpy as s; t = {}; h5py.File(\"model.h5\").visititems(lambda n, d: t.update({n.replace(\"/\", \".\"): numpy.ascontiguousarray(d[()].transpose(3, 2, 0, 1) if d.ndim == 4 else d[()].T)}) if isinstance(d, h5py.Dataset) else None); s.save_file(t, \"model.safetensors\")'.",
        "\\223NUMPY\\1\\0 | it is a NumPy array. Convert it: python3 -c 'import numpy, safetensors.numpy as s; s.save_file({\"fc.weight\": numpy.load(\"fc.weight.npy\")}, \"model.safetensors\")'.",
        "\\10\\7\\22\\7pytorch | it is an ONNX model. Convert it: featuremap import --from model.onnx --to DIRECTORY.",
        "\\10\\10:\\267\\33\\n\\3x | it is an ONNX model. Convert it: featuremap import --from model.onnx --to DIRECTORY.",
        "\\34\\0\\0\\0TFL3 | it is a TensorFlow Lite model. Write the tensors as safetensors, with the library of that name.",
        "GGUF\\3\\0\\0\\0 | it is a GGUF file. Write the tensors as safetensors, with the library of that name.",
        "version https://git-lfs | it is a pointer of Git LFS. Fetch the file itself with git lfs pull.",
        "<!DOCTYPE html> | it is a web page (HTML or XML), as servers send it for an error. Fetch the file again.",
        "\\37\\213\\10\\10abcd | it is gzip data. Unpack it.",
        "{\"a\": 1234 | it is text (JSON). Give the file of the tensors.",
      })
  void namesWhatIsGivenForTensors(String head, String words) {
    byte[] file =
        (head.translateEscapes() + "and more of it").getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage("Cannot read m.st: it is no safetensors file: " + words);
  }

  @Test
  void makesFloatsOfOtherTypes() throws IOException {
    String header =
        "{"
            + entry("a", "[2]", 0, 4).replace("F32", "F16")
            + ","
            + entry("b", "[1]", 4, 12).replace("F32", "F64")
            + ","
            + entry("c", "[1,3]", 12, 18).replace("F32", "BF16")
            + "}";
    byte[] file = file(header, 18);
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(8 + header.length())
        .putShort((short) 0x3C00)
        .putShort((short) 0x8001)
        .putDouble(0.1)
        .putShort((short) 0x3F80)
        .putShort((short) 0x7F80)
        .putShort((short) 0xC049);

    Safetensors read = read(file);

    assertThat(read.values())
        .containsExactly(1, -0x1p-24f, 0.1f, 1, Float.POSITIVE_INFINITY, -3.140625f);
    assertThat(read.tensor("c").orElseThrow().at()).isEqualTo(3);
  }

  @Test
  void readsLongTensorsOfOtherTypesPieceByPiece() throws IOException {
    int size = 40_001;
    byte[] file =
        file("{" + entry("a", "[40001]", 0, 2L * size).replace("F32", "F16") + "}", 2 * size);
    ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    data.position(file.length - 2 * size);
    for (int k = 0; k < size; k++) {
      data.putShort((short) (k % 0x7C00));
    }

    float[] values = read(file).values();

    assertThat(values).hasSize(size);
    assertThat(values[0x3C00]).isEqualTo(1);
    assertThat(values[size - 1]).isEqualTo(values[(size - 1) % 0x7C00]).isPositive();
  }

  @Test
  void refusesAValueThatIsTooLarge() {
    String header = "{" + entry("w", "[2]", 0, 16).replace("F32", "F64") + "}";
    byte[] file = file(header, 16);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putDouble(16 + header.length(), -1e40);

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage("Cannot read tensor w of m.st: its value -1.0E40 is too large for 32 bits.");
  }

  @Test
  void refusesAHeaderBeyondTheLimitWhateverTheFileHolds() {
    byte[] start =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_001).array();

    assertThatThrownBy(
            () -> SafetensorsReader.read(new ByteArrayInputStream(start), 1L << 40, "m.st"))
        .hasMessage("Cannot read m.st: its header takes 2 to 100000000 bytes, got 100000001.");
  }

  @Test
  void refusesAFileWithoutAHeader() {
    assertThatThrownBy(() -> read(new byte[7]))
        .hasMessage("Cannot read m.st: a file starts with 8 bytes of header length, got 7 bytes.");
  }

  @Test
  void refusesAStreamThatEndsEarlyWhereverItEnds() {
    byte[] file = file("{" + entry("w", "[2]", 0, 8) + "}", 8);
    for (int length = 0; length < file.length; length++) {
      ByteArrayInputStream in = new ByteArrayInputStream(file, 0, length);
      assertThatThrownBy(() -> SafetensorsReader.read(in, file.length, "m.st"))
          .isInstanceOf(FormatException.class)
          .hasMessage("Cannot read m.st: expected %s bytes, got fewer.", file.length);
    }
  }

  @Test
  void refusesAStreamThatGoesOn() {
    byte[] file = file("{" + entry("w", "[2]", 0, 8) + "}", 8);
    byte[] longer = Arrays.copyOf(file, file.length + 1);

    assertThatThrownBy(
            () -> SafetensorsReader.read(new ByteArrayInputStream(longer), file.length, "m.st"))
        .hasMessage("Cannot read m.st: expected %s bytes, got more.", file.length);
  }

  @Test
  void refusesMoreFloatsThanOneArrayHolds() {
    long bytes = 4L << 31;
    String header = "{" + entry("w", "[" + (1L << 31) + "]", 0, bytes) + "}";
    byte[] file = file(header, 0);

    assertThatThrownBy(
            () ->
                SafetensorsReader.read(new ByteArrayInputStream(file), file.length + bytes, "m.st"))
        .hasMessage("Cannot read m.st: one array ends at 2^31 floats, got 2147483648.");
  }

  @Test
  void failsWithAFormatExceptionAloneWhateverIsMutated() throws IOException {
    float[] values = {1, 2, 3, 4, 5, 6};
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<TensorSlice> tensors =
        List.of(
            new TensorSlice("conv1.weight", List.of(2L, 2L), values, 0),
            new TensorSlice("conv1.bias\n", List.of(2L), values, 4));
    SafetensorsWriter.write(out, Map.of("epoch", "3"), tensors);
    SplittableRandom random = new SplittableRandom(20260101);
    int valid = 0;
    for (int run = 0; run < 10_000; run++) {
      byte[] mutant = mutate(out.toByteArray(), random);
      try {
        valid += read(mutant).values().length <= mutant.length / 4 ? 1 : 0;
      } catch (FormatException e) {
        assertThat(e).hasMessageStartingWith("Cannot read ");
      }
    }
    assertThat(valid).isBetween(100, 5_000);
  }

  /** One to four changes: a byte replaced by one that JSON likes, removed, doubled, or a bit. */
  private static byte[] mutate(byte[] file, SplittableRandom random) {
    byte[] mutant = file;
    byte[] alphabet = "{}[]\",:\\u0123456789-.eE \n\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    for (int change = random.nextInt(1, 5); change > 0; change--) {
      int at = random.nextInt(mutant.length);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(mutant, 0, at);
      switch (random.nextInt(4)) {
        case 0 -> out.write(alphabet[random.nextInt(alphabet.length)]);
        case 1 -> {}
        case 2 -> out.writeBytes(new byte[] {mutant[at], mutant[at]});
        default -> out.write(mutant[at] ^ (1 << random.nextInt(8)));
      }
      out.write(mutant, at + 1, mutant.length - at - 1);
      mutant = out.toByteArray();
    }
    return mutant;
  }

  private static String entry(String name, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
        .formatted(name, shape, begin, end);
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static Safetensors read(byte[] file) throws IOException {
    return SafetensorsReader.read(new ByteArrayInputStream(file), file.length, "m.st");
  }
}
