package dev.featuremap.job.cli;

import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.ModelLocation;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of commands that use a trained network. */
final class ModelOptions {
  @Option(names = "--run", paramLabel = "URI", description = "Directory of a run.")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--best",
      description =
          "Takes the run's checkpoint of the best test accuracy. Default: its newest checkpoint.")
  private boolean best;

  @Option(
      names = "--checkpoint",
      paramLabel = "URI",
      description = "One checkpoint, or a model.safetensors.")
  private Optional<String> checkpoint = Optional.empty();

  /**
   * Where the model is.
   *
   * @param action what the command does with it, for messages
   */
  ModelLocation location(String action) {
    if (run.isPresent() == checkpoint.isPresent()) {
      throw JobException.usage(
          "Cannot %s: expected either --run or --checkpoint, got %s."
              .formatted(action, run.isPresent() ? "both" : "neither"));
    }
    if (best && checkpoint.isPresent()) {
      throw JobException.usage(
          "Cannot %s: --best chooses a checkpoint of a --run, got --checkpoint.".formatted(action));
    }
    return new ModelLocation(
        run.map(uri -> Locations.parse("--run", uri)),
        best,
        checkpoint.map(uri -> Locations.parse("--checkpoint", uri)));
  }
}
