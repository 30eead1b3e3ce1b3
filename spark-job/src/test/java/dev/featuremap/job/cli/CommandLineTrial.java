package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** The command line, with jobs that only note what they are asked for. */
final class CommandLineTrial {
  private final List<Object> asked = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  ExitCode run(String... arguments) {
    return runWith(asked::add, arguments);
  }

  /** The same with something else in place of training. */
  ExitCode runWith(Consumer<JobConfig> training, String... arguments) {
    return new Featuremap(Configuration::new, new Notes(training))
        .run(arguments, new PrintWriter(out), new PrintWriter(err));
  }

  /** What jobs were asked for that take such a request, in order; {@code train} takes settings. */
  <R> List<R> asked(Class<R> request) {
    return asked.stream().filter(request::isInstance).map(request::cast).toList();
  }

  /** What was printed on standard output. */
  String out() {
    return out.toString();
  }

  /** What was printed on standard error. */
  String err() {
    return err.toString();
  }

  /** True if no job was asked for anything. */
  boolean isIdle() {
    return asked.isEmpty();
  }

  /** A path below the working directory, as a URI of Hadoop. */
  static String here(String path) {
    return "file:" + Path.of("").toAbsolutePath().resolve(path);
  }

  static Optional<org.apache.hadoop.fs.Path> path(String uri) {
    return Optional.of(new org.apache.hadoop.fs.Path(uri));
  }

  private final class Notes implements JobCommand.Runner {
    private final Consumer<JobConfig> training;

    Notes(Consumer<JobConfig> training) {
      this.training = training;
    }

    @Override
    public <R> void run(
        JobCommand<R> command, R request, Configuration hadoop, PrintWriter progress) {
      if (command instanceof TrainCommand) {
        training.accept((JobConfig) request);
      } else if (command instanceof ValidateCommand) {
        progress.println("checked " + ((JobConfig) request).data().path());
      } else if (command instanceof HistoryCommand) {
        progress.println("history of " + request);
      } else if (command instanceof SummaryCommand) {
        command.execute(request, hadoop, progress);
      } else {
        asked.add(request);
      }
    }
  }
}
