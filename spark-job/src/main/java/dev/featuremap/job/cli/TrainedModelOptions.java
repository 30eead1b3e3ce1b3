package dev.featuremap.job.cli;

import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The options that name a network as training left it. */
final class TrainedModelOptions {
  @Option(names = "--run", paramLabel = "URI", description = "Directory of a run.")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--best",
      description = "Takes the run's checkpoint of the best epoch. Default: its newest checkpoint.")
  private boolean best;

  @Option(
      names = "--checkpoint",
      paramLabel = "URI",
      description = "One checkpoint, or a model.safetensors.")
  private Optional<String> checkpoint = Optional.empty();

  /** True when any of them is there. */
  boolean isGiven() {
    return run.isPresent() || checkpoint.isPresent() || best;
  }

  /** Where the model is, for a command that {@code action} names in messages. */
  ModelLocation location(String action) {
    return location(action, "--run or --checkpoint");
  }

  /**
   * Where the model is.
   *
   * @param expected the options of which one must be there, for messages
   */
  ModelLocation location(String action, String expected) {
    if (run.isPresent() == checkpoint.isPresent()) {
      throw JobException.usage(
          "Cannot %s: expected one of %s, got %s."
              .formatted(action, expected, run.isPresent() ? "several" : "none"));
    }
    if (best && checkpoint.isPresent()) {
      throw JobException.usage(
          "Cannot %s: --best chooses a checkpoint of a --run, got --checkpoint.".formatted(action));
    }
    if (run.isPresent()) {
      Path directory = Locations.parse("--run", run.get());
      return best ? ModelLocation.bestOfRun(directory) : ModelLocation.ofRun(directory);
    }
    return ModelLocation.at(Locations.parse("--checkpoint", checkpoint.orElseThrow()));
  }
}
