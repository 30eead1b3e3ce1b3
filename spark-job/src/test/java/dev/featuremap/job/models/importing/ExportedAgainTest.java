package dev.featuremap.job.models.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.onnx.OnnxModel;
import dev.featuremap.job.testing.SampleNetworks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is exported can be imported: all sample networks, which have all layers. */
class ExportedAgainTest {
  /** What their layers become has no name in ONNX; their file says what they were. */
  private static final Set<String> COMPOSED =
      Set.of("golden-single-images-by-adamw", "golden-windows-by-adam", "single-images", "windows");

  /** The graph takes pixels from 0 to 255. */
  private static final ImportRule RULE =
      new ImportRule(Optional.empty(), List.of(0.0), List.of(1 / 255.0), false, Optional.empty());

  static Stream<Map.Entry<String, ModelFile>> samples() throws IOException {
    return SampleNetworks.all().entrySet().stream();
  }

  static Stream<Map.Entry<String, ModelFile>> graphs() throws IOException {
    return samples().filter(sample -> !COMPOSED.contains(sample.getKey()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void givesTheModelBack(Map.Entry<String, ModelFile> sample) throws IOException {
    ModelFile model = sample.getValue();

    ModelFile again = read(exported(model), sample.getKey());

    assertThat(again.networkText()).isEqualTo(model.networkText());
    assertThat(again.labels()).isEqualTo(model.labels());
    assertThat(again.values()).isEqualTo(model.values());
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void givesTheSameLogitsByTheGraphAlone(Map.Entry<String, ModelFile> sample) throws IOException {
    ModelFile model = sample.getValue();

    byte[] graph =
        ModelProto.parseFrom(exported(model)).toBuilder()
            .clearMetadataProps()
            .build()
            .toByteArray();
    ModelFile again = read(graph, sample.getKey());

    float[] expected = SampleNetworks.logits(model);
    float scale = 1;
    for (float logit : expected) {
      scale = Math.max(scale, Math.abs(logit));
    }
    assertThat(SampleNetworks.logits(again))
        .as(again.networkText())
        .containsExactly(expected, within(2e-5f * scale));
  }

  @Test
  void namesATensorThatIsNotThere() throws IOException {
    ModelFile model =
        SampleNetworks.random(
            "layers = [{ type = fully-connected, outputs = 2 }]\ninput.shape = [1, 2, 2]",
            List.of());
    ModelProto.Builder file = ModelProto.parseFrom(exported(model)).toBuilder();
    List<TensorProto> kept =
        file.getGraph().getInitializerList().stream()
            .filter(tensor -> !tensor.getName().equals("fully_connected1.bias"))
            .toList();
    file.getGraphBuilder().clearInitializer().addAllInitializer(kept);

    assertThatThrownBy(() -> read(file.build().toByteArray(), "net.onnx"))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessage(
            "Cannot read the model net.onnx: it lacks the tensor fully_connected1.bias of its"
                + " network.");
  }

  private static byte[] exported(ModelFile model) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    OnnxModel.write(model, file);
    return file.toByteArray();
  }

  private static ModelFile read(byte[] file, String name) throws IOException {
    return OnnxReader.read(new ByteArrayInputStream(file), name, RULE).model();
  }
}
