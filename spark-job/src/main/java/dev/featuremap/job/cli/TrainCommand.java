package dev.featuremap.job.cli;

import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.training.run.TrainingJob;
import dev.featuremap.job.watch.console.RunConsole;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code featuremap train}. */
@Command(
    name = "train",
    description = {
      "Trains a network, or resumes the run of that name.",
      "Without options: the network seed on MNIST in data/mnist, into runs/."
    })
final class TrainCommand extends JobCommand<JobConfig> {
  @Mixin private Options options = new Options();

  @Override
  JobConfig request(JobConfigLoader settings) {
    return options.load(settings);
  }

  @Override
  void execute(JobConfig config, Configuration hadoop, PrintWriter out) {
    try (RunConsole console = console(out)) {
      new TrainingJob(console).run(config, hadoop);
    }
  }

  /** The launcher script knows whether a person watches; the JVM does not. */
  private static RunConsole console(PrintWriter out) {
    return "bar".equals(System.getenv("FEATUREMAP_PROGRESS"))
        ? RunConsole.withBar(out, System.err)
        : RunConsole.lines(out);
  }

  private static final class Options extends RunOptions {
    @Option(
        names = "--max-minutes",
        paramLabel = "MINUTES",
        description =
            "Ends the run in time, saved, with exit code 124; the same command goes on. Default: no limit.")
    private Optional<String> maxMinutes = Optional.empty();

    @Override
    Map<KeyOption, String> keys() {
      Map<KeyOption, String> keys = super.keys();
      maxMinutes.ifPresent(minutes -> keys.put(KeyOption.MAX_MINUTES, minutes));
      return keys;
    }
  }
}
