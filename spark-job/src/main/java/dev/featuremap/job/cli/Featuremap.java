package dev.featuremap.job.cli;

import dev.featuremap.job.commands.evaluate.EvaluationJob;
import dev.featuremap.job.commands.export.ExportJob;
import dev.featuremap.job.commands.pack.PackJob;
import dev.featuremap.job.commands.predict.PredictJob;
import dev.featuremap.job.commands.publish.HistoryJob;
import dev.featuremap.job.commands.publish.PublishJob;
import dev.featuremap.job.commands.publish.RollbackJob;
import dev.featuremap.job.config.HadoopSettings;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.training.run.TrainingJob;
import dev.featuremap.job.training.run.ValidationJob;
import dev.featuremap.job.watch.console.RunConsole;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;

/** The main class that spark-submit starts. */
public final class Featuremap {
  private final UseCases useCases;
  private final Supplier<JobConfigLoader> loader;

  Featuremap(UseCases useCases, Supplier<JobConfigLoader> loader) {
    this.useCases = useCases;
    this.loader = loader;
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
    return new Featuremap(useCases(), () -> JobConfigLoader.of(hadoop()));
  }

  private static UseCases useCases() {
    return new UseCases(
        (config, out) -> {
          try (RunConsole console = console(out)) {
            new TrainingJob(console).run(config, hadoop());
          }
        },
        (request, out) -> new EvaluationJob(hadoop(), out).run(request),
        (config, out) -> new ValidationJob(hadoop(), out).run(config),
        (request, out) -> new PackJob(hadoop(), out).run(request),
        (request, out) -> new ExportJob(hadoop(), out).run(request),
        (request, out) -> new PredictJob(hadoop(), out).run(request),
        (request, out) -> new PublishJob(hadoop(), out).run(request),
        (request, out) -> new RollbackJob(hadoop(), out).run(request),
        (model, out) -> new HistoryJob(hadoop(), out).run(model));
  }

  private static Configuration hadoop() {
    return HadoopSettings.of(System.getProperties());
  }

  /** The launcher script knows whether a person watches; the JVM does not. */
  private static RunConsole console(PrintWriter out) {
    return "bar".equals(System.getenv("FEATUREMAP_PROGRESS"))
        ? RunConsole.withBar(out, System.err)
        : RunConsole.lines(out);
  }

  /** Runs one command and reports its failure, whatever it is, to {@code err}. */
  ExitCode run(String[] arguments, PrintWriter out, PrintWriter err) {
    CommandLine commandLine = CommandTree.of(useCases, loader).setOut(out).setErr(err);
    try {
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
