package dev.featuremap.job.cli;

import dev.featuremap.job.config.ConfigRequest.KeyOption;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that describe a run. */
class RunOptions extends DataOptions {
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

  @Override
  Map<KeyOption, String> keys() {
    Map<KeyOption, String> keys = super.keys();
    output.ifPresent(uri -> keys.put(KeyOption.OUTPUT, uri));
    runId.ifPresent(id -> keys.put(KeyOption.RUN_ID, id));
    return keys;
  }
}
