package dev.featuremap.job.commands.publish;

import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.FoundModel;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.models.registry.HistoryEntry;
import dev.featuremap.job.models.registry.ModelRegistry;
import dev.featuremap.job.models.registry.ModelSource;
import dev.featuremap.job.models.registry.PublishedModel;
import dev.featuremap.job.record.PublicationResult;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.training.checkpoint.SkippedManifest;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The {@code publish} command: find the model → hold it against the gate → publish → tell.
 *
 * @param hadoop reaches all stores
 * @param out gets what a person reads
 */
public record PublishJob(Configuration hadoop, PrintWriter out) implements LinePrinter {
  /**
   * Publishes the model, or finds that it is published.
   *
   * @throws JobException with {@code MISSING_INPUT} if there is no such model, with {@code
   *     BAD_DATA} if it is damaged, with {@code REFUSED} if it is not accurate enough
   */
  public PublicationResult run(PublishRequest request) {
    FoundModel found = new ModelLookup(hadoop, "publish").find(request.model());
    requireIntact(found);
    request.minAccuracy().ifPresent(least -> requireAccuracy(found.source(), least));
    ModelRegistry registry = ModelRegistry.of(request.target(), hadoop);
    ModelRegistry.Outcome outcome =
        registry.publish(found.source(), request.aliases(), found.model()::write);
    tell(registry, request.target(), outcome);
    PublicationResult result = result(request.target(), outcome);
    request.result().ifPresent(path -> write(path, result.toJson()));
    return result;
  }

  /** The lookup passes over damaged checkpoints, which is right for a resume. */
  private static void requireIntact(FoundModel found) {
    if (!found.skipped().isEmpty()) {
      throw JobException.listing(
          ExitCode.BAD_DATA,
          "Cannot publish %s: newer checkpoints of the run must be intact, got:"
              .formatted(found.location()),
          found.skipped().stream().map(SkippedManifest::toString).toList(),
          "To publish this one nonetheless, give it as --checkpoint.");
    }
  }

  private static void requireAccuracy(ModelSource source, double least) {
    double accuracy = source.accuracy();
    if (source.run().isEmpty()) {
      throw JobException.usage(
          "Cannot publish %s with --min-accuracy: the test accuracy of a file is not known. Give --run."
              .formatted(source.location()));
    }
    // A loss that diverged has no accuracy, which is not enough either.
    if (!(accuracy >= least)) {
      throw new JobException(
          ExitCode.REFUSED,
          "Cannot publish %s: --min-accuracy asks for a %s accuracy of %s, got %s. Nothing was published."
              .formatted(
                  source.location(),
                  source.set(),
                  least,
                  Double.isNaN(accuracy) ? "none: the epoch was not finished" : accuracy));
    }
  }

  private void tell(ModelRegistry registry, Path target, ModelRegistry.Outcome outcome) {
    HistoryEntry entry = outcome.entry();
    if (outcome.isNew()) {
      say("published %s@%d as %s", target, entry.version(), String.join(", ", entry.aliases()));
    } else {
      List<String> aliases = registry.history().aliasesOf(entry.version());
      say(
          "%s@%d is this model already, %s; nothing was written",
          target,
          entry.version(),
          aliases.isEmpty() ? "which no alias names" : "as " + String.join(", ", aliases));
    }
  }

  private static PublicationResult result(Path target, ModelRegistry.Outcome outcome) {
    PublishedModel model = outcome.entry().model().orElseThrow();
    ModelSource source = model.source();
    return new PublicationResult(
        target + "@" + outcome.entry().version(),
        outcome.entry().version(),
        outcome.isNew(),
        model.file().sha256(),
        source.location(),
        source.run(),
        source.epochs(),
        source.set(),
        source.accuracy());
  }

  private void write(Path path, String json) {
    Storage.of(path, hadoop).replace(path, json.getBytes(StandardCharsets.UTF_8));
  }
}
