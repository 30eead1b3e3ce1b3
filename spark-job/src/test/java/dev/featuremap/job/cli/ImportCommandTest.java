package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.format.ModelFile;
import dev.featuremap.format.SafetensorsWriter;
import dev.featuremap.format.TensorSlice;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.models.onnx.OnnxModel;
import dev.featuremap.job.testing.SampleNetworks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  private static final String NETWORK =
      """
      input { shape = [1, 8, 8], mean = 0.5, deviation = 0.25 }
      classes = 3
      layers = [
        { type = convolution, name = conv1, feature-maps = 4, field = 3 }
        { type = relu }
        { type = fully-connected, name = head, outputs = ${classes} }
      ]
      """;

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ModelFile model = SampleNetworks.random(NETWORK, List.of("a", "b", "c"));

  private Path graph;
  private Path weights;

  @BeforeEach
  void writeFiles() throws IOException {
    graph = directory.resolve("net.onnx");
    try (OutputStream to = Files.newOutputStream(graph)) {
      OnnxModel.write(model, to);
    }
    weights = directory.resolve("net.safetensors");
    try (OutputStream to = Files.newOutputStream(weights)) {
      model.write(to);
    }
  }

  private ExitCode run(String... options) {
    List<String> arguments = new ArrayList<>(List.of("import", "--to"));
    arguments.add(directory.resolve("to").toString());
    arguments.addAll(List.of(options));
    return new Featuremap(Configuration::new, new Executor())
        .run(arguments.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
  }

  private static final class Executor implements JobCommand.Runner {
    @Override
    public <R> void run(
        JobCommand<R> command, R request, Configuration hadoop, PrintWriter progress) {
      command.execute(request, hadoop, progress);
    }
  }

  private ModelFile imported() throws IOException {
    Path file = directory.resolve("to/model.safetensors");
    try (InputStream in = Files.newInputStream(file)) {
      return ModelFile.read(in, Files.size(file), file.toString());
    }
  }

  @Test
  void writesTheModelOfAGraph() throws IOException {
    assertThat(run("--from", graph.toString())).isEqualTo(ExitCode.OK);

    assertThat(imported().values()).isEqualTo(model.values());
    assertThat(imported().labels()).containsExactly("a", "b", "c");
    assertThat(directory.resolve("to/network.conf")).hasContent(model.networkText());
    assertThat(out.toString())
        .contains("read 3 layers with 475 parameters, 3 outputs")
        .contains("to/network.conf")
        .contains("to/model.safetensors");
  }

  @Test
  void takesTheNumberOfClassesFromWeights() throws IOException {
    Path network = directory.resolve("known.conf");
    Files.writeString(network, NETWORK.replace("classes = 3", "classes = 10"));
    Path labels = Files.writeString(directory.resolve("labels.txt"), "x\n\ny\nz\n");

    assertThat(
            run(
                "--from",
                weights.toString(),
                "--network",
                network.toString(),
                "--labels",
                labels.toString()))
        .isEqualTo(ExitCode.OK);

    assertThat(imported().values()).isEqualTo(model.values());
    assertThat(imported().plan().classes()).isEqualTo(3);
    assertThat(imported().labels()).containsExactly("x", "y", "z");
  }

  @Test
  void readsWeightsUnderTheNamesOfTimm() throws IOException {
    Path network = directory.resolve("mobile.conf");
    String text = NETWORK.replace("conv1", "features.1.conv.0.0").replace("head", "classifier.1");
    Files.writeString(network, text.replace("classes = 3", "classes = 10"));
    List<TensorSlice> tensors = new ArrayList<>();
    for (TensorSlice tensor : model.tensors()) {
      String name =
          tensor.name().replace("conv1", "blocks.0.0.conv_dw").replace("head", "classifier");
      tensors.add(new TensorSlice(name, tensor.dimensions(), tensor.values(), tensor.at()));
    }
    try (OutputStream to = Files.newOutputStream(weights)) {
      SafetensorsWriter.write(to, Map.of(), tensors);
    }

    assertThat(run("--from", weights.toString(), "--network", network.toString()))
        .isEqualTo(ExitCode.OK);

    assertThat(imported().values()).isEqualTo(model.values());
    assertThat(imported().plan().classes()).isEqualTo(3);
    assertThat(out.toString()).contains("of the file, its names are those of timm's MobileNetV2");
  }

  @Test
  void asksForTheNetworkOfWeights() {
    assertThat(run("--from", weights.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("net.safetensors: it holds weights alone. Say of which network: --network");
  }

  @Test
  void saysWhichTensorsAreNotOfTheNetwork() {
    assertThat(run("--from", weights.toString(), "--network", "lenet-5"))
        .isEqualTo(ExitCode.BAD_DATA);
    assertThat(err.toString()).contains("net.safetensors").contains("conv1.weight must be");
  }

  @Test
  void refusesLabelsOfAnotherNumber() throws IOException {
    Path labels = Files.writeString(directory.resolve("labels.txt"), "x\ny\nx\n");

    assertThat(run("--from", graph.toString(), "--labels", labels.toString()))
        .isEqualTo(ExitCode.BAD_DATA);
    assertThat(err.toString())
        .contains("labels.txt: expected 3 different names, one a line, got x twice.");
    assertThat(directory.resolve("to")).doesNotExist();
  }

  @Test
  void refusesOptionsOutOfRange() {
    String from = graph.toString();
    assertThat(run("--from", from, "--shape", "3,224")).isEqualTo(ExitCode.USAGE);
    assertThat(run("--from", from, "--mean", "NaN")).isEqualTo(ExitCode.USAGE);
    assertThat(run("--from", from, "--deviation", "0.2,0")).isEqualTo(ExitCode.USAGE);
    assertThat(run("--from", directory.resolve("none.onnx").toString()))
        .isEqualTo(ExitCode.MISSING_INPUT);
    assertThat(err.toString())
        .contains(
            "Cannot import with --shape 3,224: expected channels,height,width, such as 3,224,224.")
        .contains("Cannot import with --mean NaN: expected numbers.")
        .contains("Cannot import with --deviation 0.2,0.0: expected numbers above 0.")
        .contains("none.onnx: there is no such file.");
  }
}
