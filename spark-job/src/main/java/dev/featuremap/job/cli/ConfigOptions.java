package dev.featuremap.job.cli;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of commands that read a configuration. */
class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "URI",
      description = "Settings that differ from the defaults, as HOCON, on any Hadoop file system.")
  private Optional<String> config = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting; wins over --config. The last one of a key counts.")
  private List<String> assignments = new ArrayList<>();

  /** Reads the configuration that the options ask for. */
  final JobConfig load(JobConfigLoader settings) {
    return settings.load(new ConfigRequest(config, assignments, keys()));
  }

  /** What options say that stand for a key; those with options of their own add them. */
  Map<KeyOption, String> keys() {
    return new EnumMap<>(KeyOption.class);
  }
}
