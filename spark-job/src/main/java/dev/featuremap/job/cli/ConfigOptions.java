package dev.featuremap.job.cli;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of commands that read a configuration. */
final class ConfigOptions {
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

  ConfigRequest request(Map<KeyOption, String> options) {
    return new ConfigRequest(config, assignments, options);
  }
}
