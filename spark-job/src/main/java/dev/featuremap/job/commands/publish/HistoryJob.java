package dev.featuremap.job.commands.publish;

import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.History;
import dev.featuremap.job.models.registry.HistoryEntry;
import dev.featuremap.job.models.registry.ModelRegistry;
import dev.featuremap.job.models.registry.ModelSource;
import dev.featuremap.job.models.registry.PublishedModel;
import dev.featuremap.spec.Visible;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The {@code history} command: what was published, and which version each alias names.
 *
 * @param hadoop reaches all stores
 * @param out gets what a person reads
 */
public record HistoryJob(Configuration hadoop, PrintWriter out) implements LinePrinter {
  private static final int SHA_SHOWN = 12;

  /**
   * Prints the entries, the oldest first.
   *
   * @throws JobException with {@code MISSING_INPUT} if nothing is published there
   */
  public void run(Path model) {
    History history = ModelRegistry.of(model, hadoop).history();
    if (history.entries().isEmpty()) {
      throw new JobException(
          ExitCode.MISSING_INPUT,
          "Cannot show the history of %s: nothing is published there. Give the directory that was given to featuremap publish."
              .formatted(model));
    }
    for (HistoryEntry entry : history.entries()) {
      say("%s  %s  %s", entry.number(), entry.createdAt(), Visible.of(event(entry)));
    }
    history.aliases().forEach((alias, version) -> say("%s is version %d", alias, version));
  }

  private static String event(HistoryEntry entry) {
    String aliases = String.join(", ", entry.aliases());
    return entry
        .model()
        .map(model -> "published as %s: %s".formatted(aliases, describe(model)))
        .orElseGet(() -> "moved " + aliases + " to version " + entry.version());
  }

  private static String describe(PublishedModel model) {
    ModelSource source = model.source();
    String accuracy =
        Double.isNaN(source.accuracy())
            ? ""
            : String.format(
                Locale.ROOT,
                "%s accuracy %.2f %%, epoch %s, ",
                source.set(),
                100 * source.accuracy(),
                source.epochs());
    return "%ssha256 %s, from %s"
        .formatted(accuracy, model.file().sha256().substring(0, SHA_SHOWN), source.location());
  }
}
