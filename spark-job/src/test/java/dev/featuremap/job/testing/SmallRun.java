package dev.featuremap.job.testing;

import dev.featuremap.job.commands.evaluate.EvaluationJob;
import dev.featuremap.job.commands.evaluate.EvaluationRequest;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.HadoopSettings;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.models.lookup.InitialModelFile;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.training.run.TrainingJob;
import dev.featuremap.job.watch.console.RunConsole;
import dev.featuremap.train.Evaluation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The real training job with the network {@code seed}, two workers and two epochs, on a few hundred
 * digits: two seconds, most of which Spark takes to start.
 *
 * <p>Immutable: each {@code with} gives another run. Needs {@link SparkProperties}.
 */
public final class SmallRun {
  /** Training digits that {@link #digits} writes: ten steps of two workers of batch 32. */
  public static final int TRAINING_IMAGES = 600;

  /** Test digits that {@link #digits} writes. */
  public static final int TEST_IMAGES = 200;

  private final Map<String, String> settings;

  private SmallRun(Map<String, String> settings) {
    this.settings = settings;
  }

  /** Writes the digits of small runs into an existing directory. */
  public static java.nio.file.Path digits(java.nio.file.Path directory) {
    return MnistFiles.firstDigits(directory, TRAINING_IMAGES, TEST_IMAGES, "");
  }

  /** A run named {@code small}. */
  public static SmallRun of(Object data, Object output) {
    return new SmallRun(new LinkedHashMap<>())
        .with("run-id", "small")
        .with("train.epochs", 2)
        .with("train.batch-size", 32)
        .with("train.workers", 2)
        .with("train.learning-rate", 0.1)
        .with("train.optimizer.type", "sgd")
        .with("train.schedule.type", "constant")
        .with("data.path", data)
        .with("output.path", output);
  }

  /** The same run with one setting replaced. */
  public SmallRun with(String key, Object value) {
    Map<String, String> changed = new LinkedHashMap<>(settings);
    changed.put(key, value.toString());
    return new SmallRun(changed);
  }

  /** The configuration as the command line would read it. */
  public JobConfig config() {
    String[] assignments =
        settings.entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .toArray(String[]::new);
    return JobConfigLoader.of(hadoop(), new InitialModelFile(hadoop()))
        .load(ConfigRequest.defaults().withAssignments(assignments));
  }

  /** The run's directory. */
  public RunDirectory directory() {
    return config().runDirectory();
  }

  /** Trains, and forgets what the job says. */
  public RunResult train() {
    return train(new StringWriter());
  }

  /** Trains; what the job says goes to {@code said}. */
  public RunResult train(StringWriter said) {
    return train(RunConsole.lines(new PrintWriter(said)));
  }

  /** Trains, and tells {@code console} how it goes. */
  public RunResult train(RunConsole console) {
    return new TrainingJob(console).run(config(), hadoop());
  }

  /** Evaluates the run, which is trained, on its own test images. */
  public Evaluation evaluate() {
    return new EvaluationJob(hadoop(), new PrintWriter(new StringWriter()))
        .run(
            new EvaluationRequest(
                ModelLocation.ofRun(directory().root()),
                ConfigRequest.defaults(),
                Optional.empty()));
  }

  private static Configuration hadoop() {
    return HadoopSettings.of(System.getProperties());
  }
}
