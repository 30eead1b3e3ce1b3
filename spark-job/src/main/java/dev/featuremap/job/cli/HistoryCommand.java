package dev.featuremap.job.cli;

import dev.featuremap.job.config.Locations;
import dev.featuremap.job.models.registry.ModelReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code featuremap history}. */
@Command(
    name = "history",
    description = "Lists the versions of a published model and what its aliases name.")
final class HistoryCommand implements Runnable {
  private final UseCases.PublishedHistory history;

  @Spec private CommandSpec command;

  @Option(
      names = "--model",
      paramLabel = "URI",
      required = true,
      description = "Directory of the versions of one model.")
  private String model;

  HistoryCommand(UseCases.PublishedHistory history) {
    this.history = history;
  }

  @Override
  public void run() {
    history.print(
        ModelReference.of("--model", Locations.parse("--model", model)).directory(),
        command.commandLine().getOut());
  }
}
