package dev.featuremap.job.cli;

import dev.featuremap.job.config.HadoopSettings;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.path.FileNames;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;

/** The main class that spark-submit starts. */
public final class Featuremap {
  private final Supplier<Configuration> hadoop;
  private final JobCommand.Runner runner;

  Featuremap(Supplier<Configuration> hadoop, JobCommand.Runner runner) {
    this.hadoop = hadoop;
    this.runner = runner;
  }

  /**
   * Runs one command.
   *
   * @throws Exception Spark's own, which carries the exit code, if that is not 0
   */
  public static void main(String[] arguments) throws Exception {
    ExitCode code = onSpark().run(arguments, utf8(System.out), utf8(System.err));
    if (code != ExitCode.OK) {
      throw SparkExit.of(code);
    }
  }

  /** The commands as users get them. */
  static Featuremap onSpark() {
    return new Featuremap(() -> HadoopSettings.of(System.getProperties()), JobCommand::execute);
  }

  /** Runs one command and reports its failure, whatever it is, to {@code err}. */
  ExitCode run(String[] arguments, PrintWriter out, PrintWriter err) {
    CommandLine commandLine = CommandTree.of(hadoop, runner).setOut(out).setErr(err);
    try {
      SecretArguments.refuse(arguments);
      FileNames.requireArguments(arguments);
      new CommandLine.RunLast().execute(commandLine.parseArgs(arguments));
      return ExitCode.OK;
    } catch (Throwable thrown) {
      Failure failure = Failure.of(thrown);
      failure.print(err, CommandTree.debug(commandLine));
      return failure.code();
    } finally {
      out.flush();
    }
  }

  /** Tables have characters such as × whatever the platform's character set is. */
  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
