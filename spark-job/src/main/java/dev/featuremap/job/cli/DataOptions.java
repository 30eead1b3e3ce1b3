package dev.featuremap.job.cli;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that read a configuration and images. */
final class DataOptions {
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "Directory with the images. Default: data/mnist.")
  private Optional<String> data = Optional.empty();

  ConfigRequest request() {
    return request(Map.of());
  }

  /** The request with what other options say. */
  ConfigRequest request(Map<KeyOption, String> others) {
    Map<KeyOption, String> options = new EnumMap<>(KeyOption.class);
    options.putAll(others);
    data.ifPresent(uri -> options.put(KeyOption.DATA, uri));
    return config.request(options);
  }
}
