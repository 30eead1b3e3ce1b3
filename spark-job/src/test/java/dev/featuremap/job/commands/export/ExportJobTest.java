package dev.featuremap.job.commands.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ExportJobTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun run;

  private final StringWriter said = new StringWriter();

  /** The second epoch undoes the first, which is therefore the best. */
  @BeforeAll
  static void train() throws IOException {
    run =
        SmallRun.of(
                SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
                directory.resolve("runs"))
            .with("train.schedule.type", "step")
            .with("train.schedule.step-epochs", 1)
            .with("train.schedule.factor", 1_000)
            .with("train.clip-norm", 1);
    run.train();
  }

  @Test
  void writesTheFilesOfAllFormats() {
    Path target = directory.resolve("all");

    export(ModelLocation.ofRun(run.directory().root()), target, ExportFormat.values());

    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder("model.safetensors", "model.py", "model.onnx");
    assertThat(said.toString())
        .isEqualTo(
            "wrote file:%1$s/model.safetensors%nwrote file:%1$s/model.py%nwrote file:%1$s/model.onnx%n"
                .formatted(target));
  }

  @Test
  void writesTheSameBytesAgain() throws IOException {
    Path target = directory.resolve("again");
    ModelLocation model = ModelLocation.ofRun(run.directory().root());
    export(model, target, ExportFormat.values());
    byte[] onnx = Files.readAllBytes(target.resolve("model.onnx"));
    byte[] python = Files.readAllBytes(target.resolve("model.py"));

    export(model, target, ExportFormat.values());

    assertThat(target.resolve("model.onnx")).hasBinaryContent(onnx);
    assertThat(target.resolve("model.py")).hasBinaryContent(python);
  }

  @Test
  void takesTheNewestCheckpointAsItIs() throws IOException {
    assertExports(ModelLocation.ofRun(run.directory().root()), "2-2");
  }

  @Test
  void takesTheBestCheckpointOnRequest() throws IOException {
    assertExports(ModelLocation.bestOfRun(run.directory().root()), "1-1");
  }

  private void assertExports(ModelLocation model, String checkpoint) throws IOException {
    Path target = directory.resolve(checkpoint);
    export(model, target, ExportFormat.PYTORCH);

    assertThat(target.resolve("model.safetensors"))
        .hasSameBinaryContentAs(
            RunFolder.of(run.directory()).checkpointFile(checkpoint, "model.safetensors"));
  }

  @Test
  void saysWhenARunHasNoModel() {
    Path none = directory.resolve("none");

    assertMissing(
        ModelLocation.ofRun(hadoop(none)),
        "Cannot export %s: it has no checkpoint. Give --run the directory of a run."
            .formatted(none));
    assertMissing(
        ModelLocation.bestOfRun(hadoop(none)),
        "Cannot export %s: it has no checkpoint of a whole epoch. Leave --best out for its newest."
            .formatted(none));
  }

  private void assertMissing(ModelLocation model, String message) {
    assertThatThrownBy(() -> export(model, directory.resolve("nothing"), ExportFormat.ONNX))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.MISSING_INPUT))
        .hasMessage(message);
  }

  private void export(ModelLocation model, Path target, ExportFormat... formats) {
    new ExportJob(new Configuration(), new PrintWriter(said))
        .run(
            new ExportRequest(
                model, new org.apache.hadoop.fs.Path(target.toUri()), List.of(formats)));
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }
}
