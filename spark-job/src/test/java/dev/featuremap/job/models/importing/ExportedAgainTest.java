package dev.featuremap.job.models.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.models.onnx.OnnxModel;
import dev.featuremap.job.testing.SampleNetworks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is exported can be imported: all sample networks, which have all layers. */
class ExportedAgainTest {

  static Stream<Map.Entry<String, ModelFile>> samples() throws IOException {
    return SampleNetworks.all().entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void givesTheSameLogits(Map.Entry<String, ModelFile> sample) throws IOException {
    ModelFile model = sample.getValue();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    OnnxModel.write(model, file);

    // The graph takes pixels from 0 to 255.
    ImportRule rule =
        new ImportRule(
            Optional.empty(), List.of(0.0), List.of(1 / 255.0), false, Optional.empty());
    ModelFile again =
        OnnxReader.read(new ByteArrayInputStream(file.toByteArray()), sample.getKey(), rule)
            .model();

    float[] expected = SampleNetworks.logits(model);
    float[] logits = SampleNetworks.logits(again);
    float scale = 1;
    for (float logit : expected) {
      scale = Math.max(scale, Math.abs(logit));
    }
    assertThat(logits).as(again.networkText()).containsExactly(expected, within(2e-5f * scale));
  }
}
