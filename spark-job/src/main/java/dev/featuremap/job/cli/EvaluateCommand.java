package dev.featuremap.job.cli;

import dev.featuremap.job.commands.evaluate.EvaluationRequest;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code featuremap evaluate}. */
@Command(name = "evaluate", description = "Measures a trained network on the test images.")
final class EvaluateCommand implements Runnable {
  private final UseCases.Evaluation evaluation;

  @Spec private CommandSpec command;

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
      description = "File that gets accuracy and loss as flat JSON.")
  private Optional<String> result = Optional.empty();

  EvaluateCommand(UseCases.Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  @Override
  public void run() {
    evaluation.evaluate(
        new EvaluationRequest(
            model.location("evaluate"),
            settings(),
            result.map(uri -> Locations.parse("--result", uri))),
        command.commandLine().getOut());
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
