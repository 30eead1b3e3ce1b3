package dev.featuremap.job.commands.publish;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.ModelRegistry;
import java.io.PrintWriter;
import org.apache.hadoop.conf.Configuration;

/** The {@code rollback} command: an alias names an earlier version again. */
public final class RollbackJob {
  private final Configuration hadoop;
  private final PrintWriter out;

  /** A job that prints what it moves. */
  public RollbackJob(Configuration hadoop, PrintWriter out) {
    this.hadoop = hadoop;
    this.out = out;
  }

  /**
   * Moves the alias, or finds that it is there.
   *
   * @throws JobException with {@code MISSING_INPUT} if there is no such version, with {@code
   *     BAD_DATA} if its model is damaged
   */
  public void run(RollbackRequest request) {
    boolean moved =
        ModelRegistry.of(request.model(), hadoop).move(request.alias(), request.version()).isNew();
    out.printf(
        moved ? "%s of %s is version %s now%n" : "%s of %s is version %s already%n",
        request.alias(),
        request.model(),
        request.version());
    out.flush();
  }
}
