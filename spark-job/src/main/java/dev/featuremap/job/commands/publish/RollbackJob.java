package dev.featuremap.job.commands.publish;

import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.ModelRegistry;
import java.io.PrintWriter;
import org.apache.hadoop.conf.Configuration;

/**
 * The {@code rollback} command: an alias names an earlier version again.
 *
 * @param hadoop reaches all stores
 * @param out gets what a person reads
 */
public record RollbackJob(Configuration hadoop, PrintWriter out) implements LinePrinter {
  /**
   * Moves the alias, or finds that it is there.
   *
   * @throws JobException with {@code MISSING_INPUT} if there is no such version, with {@code
   *     BAD_DATA} if its model is damaged
   */
  public void run(RollbackRequest request) {
    boolean moved =
        ModelRegistry.of(request.model(), hadoop).move(request.alias(), request.version()).isNew();
    say(
        moved ? "%s of %s is version %d now" : "%s of %s is version %d already",
        request.alias(),
        request.model(),
        request.version());
  }
}
