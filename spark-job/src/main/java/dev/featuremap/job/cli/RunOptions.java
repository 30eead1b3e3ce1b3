package dev.featuremap.job.cli;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that describe a run. */
final class RunOptions {
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--output",
      paramLabel = "URI",
      description = "Directory that gets the run's directory. Default: runs.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Name of the run; the same name resumes it. Default: made from the time.")
  private Optional<String> runId = Optional.empty();

  ConfigRequest request() {
    return request(Optional.empty());
  }

  ConfigRequest request(Optional<String> maxMinutes) {
    Map<KeyOption, String> options = new EnumMap<>(KeyOption.class);
    output.ifPresent(uri -> options.put(KeyOption.OUTPUT, uri));
    runId.ifPresent(id -> options.put(KeyOption.RUN_ID, id));
    maxMinutes.ifPresent(minutes -> options.put(KeyOption.MAX_MINUTES, minutes));
    return data.request(options);
  }
}
