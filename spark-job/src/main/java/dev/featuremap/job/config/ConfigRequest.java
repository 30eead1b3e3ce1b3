package dev.featuremap.job.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command line says about the configuration.
 *
 * @param file URI of a configuration file on any Hadoop file system
 * @param assignments arguments of {@code --set}, each {@code key=value}; the last one of a key wins
 * @param options values of options that have a key, such as {@code --data}, by option
 */
public record ConfigRequest(
    Optional<String> file, List<String> assignments, Map<KeyOption, String> options) {

  /** An option of the command line that stands for a key. */
  public enum KeyOption {
    /** Where the images are. */
    DATA("--data", "data.path"),
    /** Where runs are written. */
    OUTPUT("--output", "output.path"),
    /** The name of the run. */
    RUN_ID("--run-id", "run-id"),
    /** How long a start of it may take. */
    MAX_MINUTES("--max-minutes", "limits.max-minutes");

    private final String option;
    private final String key;

    KeyOption(String option, String key) {
      this.option = option;
      this.key = key;
    }

    /** The option as typed. */
    public String option() {
      return option;
    }

    /** The key it sets. */
    public String key() {
      return key;
    }
  }

  /** Copies the collections. */
  public ConfigRequest {
    assignments = List.copyOf(assignments);
    options = Map.copyOf(options);
  }

  /** The defaults alone. */
  public static ConfigRequest defaults() {
    return new ConfigRequest(Optional.empty(), List.of(), Map.of());
  }

  /** The same with a file. */
  public ConfigRequest withFile(String uri) {
    return new ConfigRequest(Optional.of(uri), assignments, options);
  }

  /** The same with other assignments. */
  public ConfigRequest withAssignments(String... keyValues) {
    return new ConfigRequest(file, List.of(keyValues), options);
  }
}
