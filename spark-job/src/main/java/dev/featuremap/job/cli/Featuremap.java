package dev.featuremap.job.cli;

import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.config.HadoopSettings;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.path.FileNames;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** The main class that spark-submit starts, and training in a Spark that runs already. */
public final class Featuremap {
  private final Supplier<Configuration> hadoop;
  private final JobCommand.Runner runner;

  Featuremap(Supplier<Configuration> hadoop, JobCommand.Runner runner) {
    this.hadoop = hadoop;
    this.runner = runner;
  }

  /**
   * Runs one command: in the Spark of this process if one runs, which then goes on, else in one of
   * its own.
   *
   * @throws FeaturemapException if the command fails where Spark runs already
   * @throws Exception elsewhere Spark's own, which carries the exit code, if that is not 0
   */
  public static void main(String[] arguments) throws Exception {
    boolean isShared = JobContext.running().isPresent();
    Optional<Failure> failure = onSpark().fails(arguments, utf8(System.out), utf8(System.err));
    if (failure.isPresent()) {
      throw isShared ? FeaturemapException.of(failure.get()) : SparkExit.of(failure.get().code());
    }
  }

  /**
   * Trains in the Spark of a notebook or another program, as {@code train} does: with the same
   * settings it gives the same bits, checkpoints and files, and goes on with what is there.
   *
   * @param spark goes on when the run has ended
   * @param settings values by keys of {@code conf/train.conf}, such as {@code train.epochs}, as
   *     {@code --set} takes them
   * @return the text of {@code result.json}
   * @throws FeaturemapException if the run fails or ends early
   */
  public static String train(SparkSession spark, Map<String, String> settings) {
    return train(spark, settings, null);
  }

  /**
   * The same over the settings of a file.
   *
   * @param config URI of a configuration file, or null for none
   */
  public static String train(SparkSession spark, Map<String, String> settings, String config) {
    try {
      return SessionRun.train(spark, settings, Optional.ofNullable(config), utf8(System.out));
    } catch (Throwable thrown) {
      throw FeaturemapException.of(Failure.of(thrown));
    }
  }

  /** The commands as users get them. */
  static Featuremap onSpark() {
    return new Featuremap(
        () ->
            JobContext.running()
                .map(spark -> HadoopSettings.running(spark.hadoopConfiguration()))
                .orElseGet(() -> HadoopSettings.of(System.getProperties())),
        JobCommand::execute);
  }

  /** Runs one command and reports its failure, whatever it is, to {@code err}. */
  ExitCode run(String[] arguments, PrintWriter out, PrintWriter err) {
    return fails(arguments, out, err).map(Failure::code).orElse(ExitCode.OK);
  }

  /** The same; tells how the command failed, if it did. */
  private Optional<Failure> fails(String[] arguments, PrintWriter out, PrintWriter err) {
    CommandLine commandLine = CommandTree.of(hadoop, runner).setOut(out).setErr(err);
    try {
      SecretArguments.refuse(arguments);
      FileNames.requireArguments(arguments);
      new CommandLine.RunLast().execute(commandLine.parseArgs(arguments));
      return Optional.empty();
    } catch (Throwable thrown) {
      Failure failure = Failure.of(thrown);
      failure.print(err, CommandTree.debug(commandLine));
      return Optional.of(failure);
    } finally {
      out.flush();
    }
  }

  /** Tables have characters such as × whatever the platform's character set is. */
  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
