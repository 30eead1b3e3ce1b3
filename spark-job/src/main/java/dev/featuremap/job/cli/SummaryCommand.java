package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ShownText;
import dev.featuremap.network.NetworkTable;
import dev.featuremap.spec.Visible;
import dev.featuremap.train.TrainingSpec;
import java.io.PrintWriter;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code featuremap summary}. */
@Command(
    name = "summary",
    description =
        "Prints the network's layers, shapes and parameters, and the settings of training.")
final class SummaryCommand extends JobCommand<JobConfig> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Override
  JobConfig request(JobConfigLoader settings) {
    return options.load(settings);
  }

  @Override
  void execute(JobConfig config, Configuration hadoop, PrintWriter out) {
    out.println(NetworkTable.of(config.plan()).stripTrailing());
    List<TrainingSpec> stages = config.stages();
    for (int k = 0; k < stages.size(); k++) {
      String stage = stages.size() == 1 ? "" : " in stage " + (k + 1);
      stages
          .get(k)
          .loss()
          .difference()
          .ifPresent(
              how -> out.println("training%s minimises this loss: %s".formatted(stage, how)));
    }
    out.println();
    config
        .determining()
        .forEach(
            (key, value) -> {
              if (!key.startsWith("network.")) {
                out.println(ShownText.format("%-30s %s", key, Visible.of(value)));
              }
            });
    out.printf("%-30s %s%n", "fingerprint", config.fingerprint());
  }
}
