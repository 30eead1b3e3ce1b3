package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.training.run.ValidationJob;
import java.io.PrintWriter;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code featuremap validate}. */
@Command(
    name = "validate",
    description = "Checks settings, data and output of a training run without training.")
final class ValidateCommand extends JobCommand<JobConfig> {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  JobConfig request(JobConfigLoader settings) {
    JobConfig config = options.load(settings);
    // Settings are the first thing that is checked, and data may be far away.
    out().printf("The settings are valid; fingerprint %s.%n", config.fingerprint());
    return config;
  }

  @Override
  void execute(JobConfig config, Configuration hadoop, PrintWriter out) {
    new ValidationJob(hadoop, out).run(config);
  }
}
