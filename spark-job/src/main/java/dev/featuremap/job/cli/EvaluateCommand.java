package dev.featuremap.job.cli;

import dev.featuremap.job.config.Locations;
import dev.featuremap.job.evaluate.EvaluationRequest;
import dev.featuremap.job.failure.JobException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code featuremap evaluate}. */
@Command(name = "evaluate", description = "Measures a trained network on the test images.")
final class EvaluateCommand implements Runnable {
  private final UseCases.Evaluation evaluation;

  @Spec private CommandSpec command;

  @Option(
      names = "--run",
      paramLabel = "URI",
      description = "Directory of a run; its newest checkpoint is taken.")
  private Optional<String> run = Optional.empty();

  @Option(names = "--checkpoint", paramLabel = "URI", description = "One checkpoint.")
  private Optional<String> checkpoint = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "Directory with the IDX files. Default: the data of the run.")
  private Optional<String> data = Optional.empty();

  EvaluateCommand(UseCases.Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  @Override
  public void run() {
    if (run.isPresent() == checkpoint.isPresent()) {
      throw JobException.usage(
          "Cannot evaluate: expected either --run or --checkpoint, got %s."
              .formatted(run.isPresent() ? "both" : "neither"));
    }
    evaluation.evaluate(
        new EvaluationRequest(
            run.map(uri -> Locations.parse("--run", uri)),
            checkpoint.map(uri -> Locations.parse("--checkpoint", uri)),
            data.map(uri -> Locations.parse("--data", uri))),
        command.commandLine().getOut());
  }
}
