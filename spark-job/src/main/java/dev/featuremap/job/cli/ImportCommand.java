package dev.featuremap.job.cli;

import dev.featuremap.job.commands.importing.ImportJob;
import dev.featuremap.job.commands.importing.ImportRequest;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.importing.ImportRule;
import dev.featuremap.job.training.rounds.TrainingPlan;
import dev.featuremap.tensor.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code featuremap import}. */
@Command(
    name = "import",
    description = {
      "Reads a network and its weights from an ONNX file, or the weights of a known network from"
          + " safetensors, and writes network.conf and model.safetensors."
    })
final class ImportCommand extends JobCommand<ImportRequest> {
  @Option(
      names = "--from",
      paramLabel = "URI",
      required = true,
      description = "The file: an ONNX model of opset 7 to 23, or weights in safetensors.")
  private String source;

  @Mixin private ReplacedFilesOptions target = new ReplacedFilesOptions();

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "The network of weights in safetensors: a name, or the URI of a network file.")
  private Optional<String> network = Optional.empty();

  @Option(
      names = "--shape",
      paramLabel = "C,H,W",
      split = ",",
      description = "Channels, rows and columns of the images, where the file leaves them open.")
  private List<Integer> shape = List.of();

  @Option(
      names = "--mean",
      paramLabel = "M",
      split = ",",
      description = "Mean of the pixels it was trained on, from 0 to 1; one, or one a channel.")
  private List<Double> means = List.of(0.0);

  @Option(
      names = "--deviation",
      paramLabel = "D",
      split = ",",
      description = "Standard deviation of these pixels; one, or one a channel.")
  private List<Double> deviations = List.of(1.0);

  /** Orders of colours. */
  enum Channels {
    rgb,
    bgr
  }

  @Option(
      names = "--channels",
      paramLabel = "ORDER",
      defaultValue = "rgb",
      description = "Order of colours it was trained on: ${COMPLETION-CANDIDATES}. Default: rgb.")
  private Channels channels;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "The result in the file to end with. Default: the first output.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "URI",
      description = "Text file with the name of a class in each line.")
  private Optional<String> labels = Optional.empty();

  @Override
  ImportRequest request(JobConfigLoader settings) {
    return new ImportRequest(
        Locations.parse("--from", source),
        target.path(),
        new ImportRule(shape(), means(), deviations(), channels == Channels.bgr, output),
        network.map(name -> classes -> text(settings, name, classes)),
        labels.map(file -> Locations.parse("--labels", file)));
  }

  private static String text(JobConfigLoader settings, String name, long classes) {
    List<String> assignments = new ArrayList<>(List.of("network.base=\"" + name + '"'));
    if (classes != ImportRequest.ITS_OWN_CLASSES) {
      assignments.add("network.classes=" + classes);
    }
    JobConfig config =
        settings.load(ConfigRequest.defaults().withAssignments(assignments.toArray(String[]::new)));
    return TrainingPlan.of(config).networkText();
  }

  private Optional<Shape> shape() {
    if (shape.isEmpty()) {
      return Optional.empty();
    }
    if (shape.size() != 3 || shape.stream().anyMatch(size -> size < 1 || size > 1 << 14)) {
      throw JobException.usage(
          "Cannot import with --shape %s: expected channels,height,width, such as 3,224,224."
              .formatted(text(shape)));
    }
    return Optional.of(new Shape(shape.get(0), shape.get(1), shape.get(2)));
  }

  private List<Double> means() {
    if (means.stream().anyMatch(mean -> !Double.isFinite(mean))) {
      throw JobException.usage(
          "Cannot import with --mean %s: expected numbers.".formatted(text(means)));
    }
    return means;
  }

  private List<Double> deviations() {
    if (deviations.stream().anyMatch(deviation -> !(deviation > 0 && deviation < 1e6))) {
      throw JobException.usage(
          "Cannot import with --deviation %s: expected numbers above 0."
              .formatted(text(deviations)));
    }
    return deviations;
  }

  private static String text(List<?> values) {
    return String.join(",", values.stream().map(String::valueOf).toList());
  }

  @Override
  void execute(ImportRequest request, Configuration hadoop, PrintWriter out) {
    new ImportJob(hadoop, out).run(request);
  }
}
