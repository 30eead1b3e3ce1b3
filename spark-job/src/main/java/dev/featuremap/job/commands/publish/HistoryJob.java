package dev.featuremap.job.commands.publish;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.History;
import dev.featuremap.job.models.registry.HistoryEntry;
import dev.featuremap.job.models.registry.ModelRegistry;
import dev.featuremap.job.models.registry.ModelSource;
import dev.featuremap.job.models.registry.PublishedModel;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The {@code history} command: what was published, and which version each alias names. */
public final class HistoryJob {
  private static final int SHA_SHOWN = 12;

  private final Configuration hadoop;
  private final PrintWriter out;

  /** A job that prints a history. */
  public HistoryJob(Configuration hadoop, PrintWriter out) {
    this.hadoop = hadoop;
    this.out = out;
  }

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
      print(entry.number() + "  " + entry.createdAt() + "  " + event(entry));
    }
    history
        .aliases()
        .forEach((alias, version) -> print("%s is version %s".formatted(alias, version)));
    out.flush();
  }

  private static String event(HistoryEntry entry) {
    String aliases = String.join(", ", entry.aliases());
    return entry
        .model()
        .map(model -> "published as %s: %s".formatted(aliases, describe(model)))
        .orElseGet(() -> "moved %s to version %s".formatted(aliases, entry.version()));
  }

  private static String describe(PublishedModel model) {
    ModelSource source = model.source();
    String accuracy =
        Double.isNaN(source.testAccuracy())
            ? ""
            : String.format(
                Locale.ROOT,
                "test accuracy %.2f %%, epoch %s, ",
                100 * source.testAccuracy(),
                source.epochs());
    return "%ssha256 %s, from %s"
        .formatted(accuracy, model.file().sha256().substring(0, SHA_SHOWN), source.location());
  }

  private void print(String line) {
    out.printf("%s%n", line);
  }
}
