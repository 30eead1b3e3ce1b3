package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfigLoader;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code featuremap} and its commands. */
@Command(
    name = "featuremap",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    description = "Trains convolutional networks on Apache Spark.",
    footer = {
      "",
      "Exit codes: 0 done, 64 wrong usage or settings, 65 bad data, 66 missing input, 70 internal",
      "failure, 73 output cannot be written, 74 storage kept failing, 75 run held by another driver,",
      "77 a condition of the command is not met, 124 the time given is up, 143 told to end.",
      "conf/train.conf lists all settings with their defaults."
    })
final class CommandTree implements Runnable {
  @Spec private CommandSpec command;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Prints the stack trace of a failure.")
  private boolean debug;

  private CommandTree() {}

  static CommandLine of(UseCases useCases, Supplier<JobConfigLoader> loader) {
    return new CommandLine(new CommandTree())
        .addSubcommand(new TrainCommand(useCases.training(), loader))
        .addSubcommand(new EvaluateCommand(useCases.evaluation()))
        .addSubcommand(new PredictCommand(useCases.predicting(), loader))
        .addSubcommand(new ExportCommand(useCases.exporting()))
        .addSubcommand(new PublishCommand(useCases.publishing()))
        .addSubcommand(new RollbackCommand(useCases.rollingBack()))
        .addSubcommand(new HistoryCommand(useCases.history()))
        .addSubcommand(new PackCommand(useCases.packing(), loader))
        .addSubcommand(new SummaryCommand(loader))
        .addSubcommand(new ValidateCommand(useCases.validation(), loader))
        .addSubcommand(new HelpCommand())
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  static boolean debug(CommandLine commandLine) {
    return ((CommandTree) commandLine.getCommandSpec().root().userObject()).debug;
  }

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "a command is missing");
  }
}
