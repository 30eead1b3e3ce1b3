package dev.featuremap.job.commands.evaluate;

import dev.featuremap.data.Sha256;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.images.shard.CacheMemory;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.models.lookup.FoundModel;
import dev.featuremap.job.models.lookup.InitialModelFile;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.record.EvaluationResult;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.training.rounds.DistributedEvaluation;
import dev.featuremap.job.training.rounds.FullEvaluation;
import dev.featuremap.metric.ConfusionTable;
import dev.featuremap.metric.LabelTable;
import dev.featuremap.spec.Visible;
import dev.featuremap.train.Evaluation;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The {@code evaluate} command: a model of a run, measured on test images.
 *
 * @param hadoop reaches all stores
 * @param out gets what a person reads
 */
public record EvaluationJob(Configuration hadoop, PrintWriter out) implements LinePrinter {
  /**
   * Shards of the test images; a constant, so that the sum of losses has the same bits anywhere.
   */
  private static final int SHARDS = 16;

  /**
   * Evaluates and prints loss, accuracy, the other metrics and the confusion matrix.
   *
   * @throws JobException with {@code MISSING_INPUT} if there is no such model or data, with {@code
   *     BAD_DATA} if one is damaged or the two do not fit
   */
  public Evaluation run(EvaluationRequest request) {
    FoundModel found = new ModelLookup(hadoop, "evaluate").find(request.model());
    ModelFile model = found.model();
    DataSettings data = ImageReading.recorded(data(request), model, line -> say("%s", line));
    try (JobContext context = SparkContexts.start("featuremap evaluate")) {
      JavaSparkContext spark = context.spark();
      ImageSource images =
          SparkJob.describe(spark, "find images", () -> DataSets.open(spark, data).test());
      DistributedEvaluation evaluations =
          new DistributedEvaluation(spark, model.networkText(), model.plan().classes());
      ShardLayout layout = ShardLayout.ofAtMost(SHARDS, images.images(), 0);
      evaluations.requireFits(layout);
      ShardedImages sharded = load(spark, found, images, layout, data);
      try {
        return evaluate(request, found, spark, evaluations, sharded, images, data);
      } finally {
        if (context.isShared() && !spark.sc().isStopped()) {
          sharded.release();
        }
      }
    }
  }

  private Evaluation evaluate(
      EvaluationRequest request,
      FoundModel found,
      JavaSparkContext spark,
      DistributedEvaluation evaluations,
      ShardedImages sharded,
      ImageSource images,
      DataSettings data) {
    BadRecords bad = requireUsable(spark, sharded, images, data);
    FullEvaluation full =
        evaluations.evaluateFully(sharded, found.model().values(), "evaluate " + images);
    TestMetrics metrics = TestMetrics.of(full.metrics(), found.model().labels());
    print(full.evaluation(), images, metrics);
    request
        .result()
        .ifPresent(
            path -> write(path, result(found, images, bad.count(), full.evaluation(), metrics)));
    return full.evaluation();
  }

  private static ShardedImages load(
      JavaSparkContext spark,
      FoundModel found,
      ImageSource images,
      ShardLayout layout,
      DataSettings data) {
    LabelIndex labels = LabelIndex.named(found.model().labels(), found.location());
    ImageReading reading = ImageReading.of(found.model().plan(), labels, data);
    reading.requireFits(images);
    long imageBytes = reading.shape().size();
    ShardStorage keep =
        CacheMemory.of(spark)
            .keep(
                data.keep(),
                images.images() * imageBytes,
                layout.sizeOf(0) * imageBytes,
                imageBytes);
    return ShardedImages.of(spark, "test images", images, reading, layout, keep);
  }

  private BadRecords requireUsable(
      JavaSparkContext spark, ShardedImages sharded, ImageSource images, DataSettings data) {
    BadRecords bad = BadRecords.of(SparkJob.describe(spark, "load " + images, sharded::load));
    bad.requireAtMost(data.maxBadRecords(), images.toString());
    if (bad.count() > 0) {
      say("warning: %d unusable records are left out:%n%s", bad.count(), bad.lines());
    }
    return bad;
  }

  private DataSettings data(EvaluationRequest request) {
    JobConfigLoader loader = JobConfigLoader.of(hadoop, new InitialModelFile(hadoop));
    return request
        .model()
        .run()
        .map(run -> config(loader, run, request.data()))
        .orElseGet(() -> loader.load(request.data()))
        .data();
  }

  private JobConfig config(JobConfigLoader loader, Path run, ConfigRequest request) {
    Path path = new RunDirectory(run).config();
    String text =
        Storage.of(run, hadoop)
            .read(path, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .orElseThrow(() -> missing(path, "a run has this file"));
    return loader.stored(text, path.toString(), request);
  }

  private static JobException missing(Path path, String why) {
    return new JobException(
        ExitCode.MISSING_INPUT,
        "Cannot evaluate %s: %s. Give --run the directory of a run.".formatted(path, why));
  }

  private static EvaluationResult result(
      FoundModel found,
      ImageSource images,
      long badRecords,
      Evaluation evaluation,
      TestMetrics metrics) {
    float[] values = found.model().values();
    return new EvaluationResult(
        found.location(),
        Sha256.ofFloats(values, values.length),
        images.toString(),
        evaluation.images(),
        badRecords,
        evaluation.accuracy(),
        evaluation.loss(),
        metrics,
        evaluation.confusion());
  }

  private void write(Path path, EvaluationResult result) {
    Storage.of(path, hadoop).replace(path, result.toJson().getBytes(StandardCharsets.UTF_8));
  }

  private void print(Evaluation evaluation, ImageSource images, TestMetrics metrics) {
    say(
        "%s%ntest accuracy %.2f %%  loss %.4f%n%s",
        images, 100 * evaluation.accuracy(), evaluation.loss(), metrics.line());
    List<String> names = metrics.names().stream().map(Visible::of).toList();
    if (evaluation.decisions().isPresent()) {
      say("%s", LabelTable.of(metrics.metrics().classes(), names));
    } else {
      say("%s", ConfusionTable.of(evaluation.confusion(), names));
    }
  }
}
