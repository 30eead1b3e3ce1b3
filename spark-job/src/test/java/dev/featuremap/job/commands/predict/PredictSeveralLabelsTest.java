package dev.featuremap.job.commands.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.format.ModelFile;
import dev.featuremap.format.ModelNotes;
import dev.featuremap.image.Resize;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PredictSeveralLabelsTest {
  private static final String NETWORK =
      "input.shape = [1, 28, 28], loss = sigmoid-cross-entropy, layers = ["
          + " { type = fully-connected, name = fc, outputs = 3 } ]";

  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private Path directory;

  /** Weights of zero and biases of 1, -1 and 0 give each image the first and the last label. */
  private Path model(boolean several, float... biases) throws IOException {
    float[] values = new float[3 * 784 + 3];
    System.arraycopy(biases, 0, values, 3 * 784, 3);
    Path file = directory.resolve("model.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      ModelFile.of(NETWORK, List.of(), values)
          .noting(new ModelNotes(List.of("a", "b", "c"), several, Resize.NONE, false))
          .write(out);
    }
    return file;
  }

  private List<Group> predict(Path model) throws IOException {
    Path digits = new DigitFiles(directory.resolve("data"), 1, 5).folder().resolve("test");
    Path target = directory.resolve("predictions");
    new PredictJob(new Configuration(), new PrintWriter(new StringWriter()))
        .run(
            new PredictRequest(
                ModelLocation.at(uri(model)),
                JobConfigLoader.of(new Configuration())
                    .load(ConfigRequest.defaults().withAssignments("data.path=" + digits))
                    .data(),
                List.of(),
                Optional.empty(),
                0,
                uri(target),
                30));
    return PredictionRows.in(target);
  }

  private static org.apache.hadoop.fs.Path uri(Path path) {
    return new org.apache.hadoop.fs.Path("file:" + path);
  }

  private static List<String> labels(Group row) {
    Group list = row.getGroup("labels", 0);
    return IntStream.range(0, list.getFieldRepetitionCount("list"))
        .mapToObj(k -> list.getGroup("list", k).getString("element", 0))
        .toList();
  }

  @Test
  void namesAllLabelsWithAProbabilityOfOneHalfOrMore() throws IOException {
    List<Group> rows = predict(model(true, 1, -1, 0));

    assertThat(rows).hasSize(5);
    assertThat(rows.get(0).getType().getFields())
        .extracting(Type::getName)
        .containsExactly("id", "path", "prediction", "label", "probabilities", "error", "labels");
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(labels(row)).containsExactly("a", "c");
              assertThat(row.getString("label", 0)).isEqualTo("a");
            });
  }

  @Test
  void namesNoLabelWhereNoneIsLikely() throws IOException {
    assertThat(predict(model(true, -3, -1, -2)))
        .hasSize(5)
        .allSatisfy(row -> assertThat(labels(row)).isEmpty());
  }

  @Test
  void hasNoSuchColumnWhereImagesHaveOneLabel() throws IOException {
    assertThat(predict(model(false, 1, -1, 0)).get(0).getType().containsField("labels")).isFalse();
  }
}
