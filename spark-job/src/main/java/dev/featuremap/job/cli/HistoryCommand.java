package dev.featuremap.job.cli;

import dev.featuremap.job.commands.publish.HistoryJob;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.models.registry.ModelReference;
import java.io.PrintWriter;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code featuremap history}. */
@Command(
    name = "history",
    description = "Lists the versions of a published model and what its aliases name.")
final class HistoryCommand extends JobCommand<Path> {
  @Option(
      names = "--model",
      paramLabel = "URI",
      required = true,
      description = "Directory of the versions of one model.")
  private String model;

  @Override
  Path request(JobConfigLoader settings) {
    return ModelReference.of("--model", Locations.parse("--model", model)).directory();
  }

  @Override
  void execute(Path directory, Configuration hadoop, PrintWriter out) {
    new HistoryJob(hadoop, out).run(directory);
  }
}
