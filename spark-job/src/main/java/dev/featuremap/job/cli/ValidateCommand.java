package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code featuremap validate}. */
@Command(
    name = "validate",
    description = "Checks settings, data and output of a training run without training.")
final class ValidateCommand implements Runnable {
  private final UseCases.Validation validation;
  private final Supplier<JobConfigLoader> loader;

  @Spec private CommandSpec command;
  @Mixin private RunOptions options = new RunOptions();

  ValidateCommand(UseCases.Validation validation, Supplier<JobConfigLoader> loader) {
    this.validation = validation;
    this.loader = loader;
  }

  @Override
  public void run() {
    PrintWriter out = command.commandLine().getOut();
    JobConfig config = loader.get().load(options.request());
    out.printf("The settings are valid; fingerprint %s.%n", config.fingerprint());
    validation.validate(config, out);
  }
}
