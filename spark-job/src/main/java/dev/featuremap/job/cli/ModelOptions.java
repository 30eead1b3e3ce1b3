package dev.featuremap.job.cli;

import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.models.registry.ModelReference;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that use a trained network, published or not. */
final class ModelOptions {
  @Mixin private TrainedModelOptions trained = new TrainedModelOptions();

  @Option(
      names = "--model",
      paramLabel = "URI[@VERSION]",
      description = "A published model: the newest, or with @ a version or an alias.")
  private Optional<String> published = Optional.empty();

  /**
   * Where the model is.
   *
   * @param action what the command does with it, for messages
   */
  ModelLocation location(String action) {
    if (published.isEmpty()) {
      return trained.location(action, "--run, --checkpoint or --model");
    }
    if (trained.isGiven()) {
      throw JobException.usage(
          "Cannot %s: expected one of --run, --checkpoint or --model, got several."
              .formatted(action));
    }
    return ModelLocation.published(
        ModelReference.of("--model", Locations.parse("--model", published.get())));
  }
}
