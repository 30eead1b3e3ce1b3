package dev.featuremap.job.cli;

import dev.featuremap.job.commands.evaluate.EvaluationJob;
import dev.featuremap.job.commands.evaluate.EvaluationRequest;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code featuremap evaluate}. */
@Command(name = "evaluate", description = "Measures a trained network on the test images.")
final class EvaluateCommand extends JobCommand<EvaluationRequest> {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "Directory with the images. Default: with --run its data, else data/mnist.")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting of data, such as data.format=folder. Default: those of the run.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--result",
      paramLabel = "URI",
      description =
          "File that gets accuracy, loss, the other metrics and the confusion table as JSON.")
  private Optional<String> result = Optional.empty();

  @Override
  EvaluationRequest request(JobConfigLoader defaults) {
    return new EvaluationRequest(
        model.location("evaluate"),
        settings(),
        result.map(uri -> Locations.parse("--result", uri)));
  }

  @Override
  void execute(EvaluationRequest request, Configuration hadoop, PrintWriter out) {
    new EvaluationJob(hadoop, out).run(request);
  }

  private ConfigRequest settings() {
    for (String assignment : assignments) {
      if (!assignment.startsWith("data.")) {
        throw JobException.usage(
            "Cannot evaluate with --set %s: expected a key of data, the others are the model's."
                .formatted(assignment));
      }
    }
    Map<KeyOption, String> options = new EnumMap<>(KeyOption.class);
    data.ifPresent(uri -> options.put(KeyOption.DATA, uri));
    return new ConfigRequest(Optional.empty(), assignments, options);
  }
}
