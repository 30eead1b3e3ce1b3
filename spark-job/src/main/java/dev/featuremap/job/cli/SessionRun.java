package dev.featuremap.job.cli;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.config.HadoopSettings;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.models.lookup.InitialModelFile;
import dev.featuremap.job.path.FileNames;
import dev.featuremap.job.training.run.TrainingJob;
import dev.featuremap.job.watch.console.RunConsole;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The command {@code train} of a program that has a Spark session. */
final class SessionRun {
  private SessionRun() {}

  static String train(
      SparkSession spark, Map<String, String> settings, Optional<String> file, PrintWriter out) {
    List<String> arguments = new ArrayList<>();
    List<String> assignments = new ArrayList<>();
    Map<KeyOption, String> options = new EnumMap<>(KeyOption.class);
    file.ifPresent(uri -> arguments.addAll(List.of("--config", uri)));
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      Optional<KeyOption> option = option(setting.getKey());
      option.ifPresent(known -> options.put(known, setting.getValue()));
      String assignment = setting.getKey() + "=" + setting.getValue();
      if (option.isEmpty()) {
        assignments.add(assignment);
      }
      arguments.addAll(List.of("--set", assignment));
    }
    SecretArguments.refuse(arguments.toArray(String[]::new));
    FileNames.requireArguments(arguments.toArray(String[]::new));
    Configuration hadoop = HadoopSettings.running(spark.sparkContext().hadoopConfiguration());
    try (RunConsole console = RunConsole.lines(out)) {
      return new TrainingJob(console)
          .run(
              JobConfigLoader.of(hadoop, new InitialModelFile(hadoop))
                  .load(new ConfigRequest(file, assignments, options)),
              hadoop)
          .toJson();
    }
  }

  /** Paths and names are taken as they are, which a setting may have to quote. */
  private static Optional<KeyOption> option(String key) {
    for (KeyOption option : KeyOption.values()) {
      if (option.key().equals(key)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }
}
