package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkTable;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code featuremap summary}. */
@Command(
    name = "summary",
    description =
        "Prints the network's layers, shapes and parameters, and the settings of training.")
final class SummaryCommand implements Runnable {
  private final Supplier<JobConfigLoader> loader;

  @Spec private CommandSpec command;
  @Mixin private ConfigOptions options = new ConfigOptions();

  SummaryCommand(Supplier<JobConfigLoader> loader) {
    this.loader = loader;
  }

  @Override
  public void run() {
    PrintWriter out = command.commandLine().getOut();
    JobConfig config = loader.get().load(options.request(Map.of()));
    out.println(NetworkTable.of(NetworkPlan.of(config.network())).stripTrailing());
    out.println();
    config
        .determining()
        .forEach(
            (key, value) -> {
              if (!key.startsWith("network.")) {
                out.printf("%-30s %s%n", key, value);
              }
            });
    out.printf("%-30s %s%n", "fingerprint", config.fingerprint());
  }
}
