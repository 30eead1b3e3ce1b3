package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.InitialModelFile;
import java.io.PrintWriter;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command: its arguments make a request, and a job does what the request says.
 *
 * @param <R> the request
 */
abstract class JobCommand<R> implements Runnable {
  @Spec private CommandSpec spec;

  /** Carries out requests; tests only note them. */
  @FunctionalInterface
  interface Runner {
    /** Carries out a request of a command. */
    <R> void run(JobCommand<R> command, R request, Configuration hadoop, PrintWriter out);
  }

  /**
   * What the arguments ask for.
   *
   * @param settings reads a configuration, for commands that have one
   * @throws JobException with {@code USAGE} if they ask for nothing that can be done
   */
  abstract R request(JobConfigLoader settings);

  /** Does what a request says, and tells {@code out}. */
  abstract void execute(R request, Configuration hadoop, PrintWriter out);

  @Override
  public final void run() {
    CommandTree tree = (CommandTree) spec.root().userObject();
    Configuration hadoop = tree.hadoop();
    tree.runner().run(this, request(settings(hadoop)), hadoop, out());
  }

  private static JobConfigLoader settings(Configuration hadoop) {
    return JobConfigLoader.of(hadoop, new InitialModelFile(hadoop));
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
