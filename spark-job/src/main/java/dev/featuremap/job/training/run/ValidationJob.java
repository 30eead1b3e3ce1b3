package dev.featuremap.job.training.run;

import dev.featuremap.format.TakenValues;
import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.ShownText;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.training.rounds.StagePlans;
import dev.featuremap.job.training.rounds.TrainingInput;
import dev.featuremap.job.training.rounds.WarmStart;
import dev.featuremap.spec.Visible;
import java.io.PrintWriter;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/** The {@code validate} command: tries all that training needs, and trains nothing. */
public record ValidationJob(Configuration hadoop, PrintWriter out) {

  /**
   * Finds the data, checks them against the settings, decodes the first images, and tries the
   * output store.
   *
   * @throws JobException as training would
   */
  public void run(JobConfig config) {
    StagePlans stages = StagePlans.of(config);
    Optional<TakenValues> start = WarmStart.read(config, stages.first().network().whole(), hadoop);
    config
        .initial()
        .ifPresent(initial -> out.println(ShownText.format("start   %s", initial.path())));
    start.ifPresent(
        values ->
            values.words().forEach(line -> out.println(ShownText.format("        %s", line))));
    try (JobContext context = SparkContexts.start("featuremap validate")) {
      JavaSparkContext spark = context.spark();
      TrainingInput input = TrainingInput.open(config, stages, spark);
      input.checkFits();
      input.tryFirst();
      input.describe().forEach(set -> out.println("data    " + Visible.of(set)));
    }
    Storage.of(config.output(), hadoop).probe(config.output());
    out.println(
        ShownText.format(
            "output  %s can be written and keeps the first of two writers", config.output()));
    out.println("ready to train");
    out.flush();
  }
}
