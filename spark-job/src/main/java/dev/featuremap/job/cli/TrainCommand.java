package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfigLoader;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code featuremap train}. */
@Command(
    name = "train",
    description = {
      "Trains a network, or resumes the run of that name.",
      "Without options: the network seed on MNIST in data/mnist, into runs/."
    })
final class TrainCommand implements Runnable {
  private final UseCases.Training training;
  private final Supplier<JobConfigLoader> loader;

  @Spec private CommandSpec command;
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--max-minutes",
      paramLabel = "MINUTES",
      description =
          "Ends the run in time, saved, with exit code 124; the same command goes on. Default: no limit.")
  private Optional<String> maxMinutes = Optional.empty();

  TrainCommand(UseCases.Training training, Supplier<JobConfigLoader> loader) {
    this.training = training;
    this.loader = loader;
  }

  @Override
  public void run() {
    training.train(loader.get().load(options.request(maxMinutes)), command.commandLine().getOut());
  }
}
