package dev.featuremap.job.cli;

import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
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
  private final Supplier<Configuration> hadoop;
  private final JobCommand.Runner runner;

  @Spec private CommandSpec command;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Prints the stack trace of a failure.")
  private boolean debug;

  private CommandTree(Supplier<Configuration> hadoop, JobCommand.Runner runner) {
    this.hadoop = hadoop;
    this.runner = runner;
  }

  /**
   * The commands.
   *
   * @param hadoop asked once a command runs
   * @param runner carries out what they ask for
   */
  static CommandLine of(Supplier<Configuration> hadoop, JobCommand.Runner runner) {
    // Named by the annotation, they would list --debug before --help.
    return new CommandLine(new CommandTree(hadoop, runner))
        .addSubcommand(new TrainCommand())
        .addSubcommand(new EvaluateCommand())
        .addSubcommand(new PredictCommand())
        .addSubcommand(new ImportCommand())
        .addSubcommand(new ExportCommand())
        .addSubcommand(new PublishCommand())
        .addSubcommand(new RollbackCommand())
        .addSubcommand(new HistoryCommand())
        .addSubcommand(new PackCommand())
        .addSubcommand(new SummaryCommand())
        .addSubcommand(new ValidateCommand())
        .addSubcommand(new HelpCommand())
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  static boolean debug(CommandLine commandLine) {
    return ((CommandTree) commandLine.getCommandSpec().root().userObject()).debug;
  }

  Configuration hadoop() {
    return hadoop.get();
  }

  JobCommand.Runner runner() {
    return runner;
  }

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "a command is missing");
  }
}
