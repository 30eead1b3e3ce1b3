package dev.featuremap.job.cli;

import dev.featuremap.job.config.ConfigRequest.KeyOption;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of commands that read a configuration and images. */
class DataOptions extends ConfigOptions {
  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "Directory with the images. Default: data/mnist.")
  private Optional<String> data = Optional.empty();

  @Override
  Map<KeyOption, String> keys() {
    Map<KeyOption, String> keys = super.keys();
    data.ifPresent(uri -> keys.put(KeyOption.DATA, uri));
    return keys;
  }
}
