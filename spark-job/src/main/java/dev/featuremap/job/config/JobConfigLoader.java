package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunId;
import dev.featuremap.optimizer.Optimizers;
import dev.featuremap.spec.SpecException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Builds a run's configuration: the command line wins over the file, the file over the defaults of
 * {@code conf/train.conf}. Whoever starts the job may give {@code data.path} another default, by
 * the Hadoop setting {@value #DEFAULT_DATA}.
 */
public final class JobConfigLoader {
  private static final String DEFAULT_DATA = "featuremap.data";

  private final Configuration hadoop;
  private final Supplier<RunId> freshRunId;
  private final UnaryOperator<Path> initialModels;

  /**
   * A loader.
   *
   * @param hadoop reaches the file systems of configuration files, and knows the default one
   * @param freshRunId names runs that were given no name
   * @param initialModels the file of a model that {@code train.init-from} may name in another way
   */
  private JobConfigLoader(
      Configuration hadoop, Supplier<RunId> freshRunId, UnaryOperator<Path> initialModels) {
    this.hadoop = hadoop;
    this.freshRunId = freshRunId;
    this.initialModels = initialModels;
  }

  /** A loader that takes no initial models but files. */
  JobConfigLoader(Configuration hadoop, Supplier<RunId> freshRunId) {
    this(hadoop, freshRunId, UnaryOperator.identity());
  }

  /** A loader that names runs by the time, and takes no initial models but files. */
  public static JobConfigLoader of(Configuration hadoop) {
    return of(hadoop, UnaryOperator.identity());
  }

  /**
   * A loader that names runs by the time.
   *
   * @param initialModels the file of a model that {@code train.init-from} may name in another way
   */
  public static JobConfigLoader of(Configuration hadoop, UnaryOperator<Path> initialModels) {
    return new JobConfigLoader(
        hadoop, () -> RunId.generate(Instant.now(), new SecureRandom()), initialModels);
  }

  /**
   * The configuration that a command line asks for.
   *
   * @throws SpecException with every problem found
   * @throws JobException if a file cannot be read or is not HOCON
   */
  public JobConfig load(ConfigRequest request) {
    List<String> problems = new ArrayList<>();
    Config commandLine = CommandLineLayer.of(request, problems);
    Config file =
        request
            .file()
            .map(uri -> ConfigFile.read("--config", uri, hadoop))
            .orElse(ConfigFactory.empty());
    return complete(commandLine.withFallback(file), initialModels, problems);
  }

  /**
   * The configuration in a run's {@code config.conf}. Keys that are missing there, because an
   * earlier version did not have them, get their defaults.
   *
   * @param where how messages name the text
   * @throws SpecException with every problem found
   * @throws JobException if it is not HOCON
   */
  public JobConfig stored(String text, String where) {
    return stored(text, where, ConfigRequest.defaults());
  }

  /** The same with what a command line replaces. */
  public JobConfig stored(String text, String where, ConfigRequest request) {
    List<String> problems = new ArrayList<>();
    Config commandLine = CommandLineLayer.of(request, problems);
    // What a run has started from is a file by now, and need not be there any more.
    return complete(
        commandLine.withFallback(ConfigFile.parse(text, where)),
        UnaryOperator.identity(),
        problems);
  }

  private JobConfig complete(Config given, UnaryOperator<Path> models, List<String> problems) {
    Config defaults = defaults();
    Config resolved = new OptimizerDefaults(Optimizers::defaults).under(given, defaults);
    UriSecrets.refuse(resolved);
    Config conforming = Keys.conform(resolved, defaults, problems);
    Config settings = NetworkLookup.inline(conforming, hadoop, problems);
    Config located = Locations.qualify(settings, hadoop, problems);
    Config identified = InitialModel.identify(located, hadoop, models);
    return JobConfigReader.read(identified, defaults, freshRunId, problems);
  }

  private Config defaults() {
    Config defaults = BundledConf.defaults();
    String data = hadoop.get(DEFAULT_DATA);
    return data == null
        ? defaults
        : defaults.withValue("data.path", ConfigValueFactory.fromAnyRef(data, DEFAULT_DATA));
  }
}
