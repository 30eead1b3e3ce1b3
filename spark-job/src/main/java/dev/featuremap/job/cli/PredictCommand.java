package dev.featuremap.job.cli;

import dev.featuremap.job.commands.predict.PredictJob;
import dev.featuremap.job.commands.predict.PredictRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.JobException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code featuremap predict}. */
@Command(
    name = "predict",
    description = {
      "Writes what a trained network says of all images of a source, or of those of data.test, as",
      "Parquet. They need no labels. Started again, it goes on with the images that are missing."
    })
final class PredictCommand extends JobCommand<PredictRequest> {
  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private TargetOptions target = new TargetOptions();

  @Option(
      names = "--images-per-file",
      paramLabel = "N",
      defaultValue = "16384",
      description = "Images in a file at most. Default: ${DEFAULT-VALUE}.")
  private int imagesPerFile;

  @Option(
      names = "--keep",
      paramLabel = "EXPRESSION",
      description = {
        "A column of the table to keep beside its prediction, or an expression of Spark SQL over",
        "its columns, such as 'label as truth'; may be given several times."
      })
  private List<String> keep = List.of();

  @Option(
      names = "--features",
      paramLabel = "LAYER",
      description = {
        "Writes the output of this layer instead of predictions, as a column features: values in",
        "the order channel, row, column. featuremap summary shows the names of layers."
      })
  private String features;

  @Option(
      names = "--top",
      paramLabel = "K",
      description = {
        "Writes the K likeliest classes too, the likeliest first, as a column top: structs with",
        "prediction, label and probability. All classes, if the network has fewer."
      })
  private Integer top;

  @Override
  PredictRequest request(JobConfigLoader settings) {
    TargetOptions.requireImages("predict", imagesPerFile);
    requireTop();
    return new PredictRequest(
        model.location("predict"),
        data.load(settings).data(),
        keep,
        Optional.ofNullable(features),
        top == null ? 0 : top,
        target.path(),
        imagesPerFile);
  }

  private void requireTop() {
    if (top != null && top < 1) {
      throw JobException.usage(
          String.format(Locale.ROOT, "Cannot predict: --top must be at least 1, got %d.", top));
    }
    if (top != null && features != null) {
      throw JobException.usage(
          "Cannot predict: --top ranks the classes, and with --features none are written. Leave out one of them.");
    }
  }

  @Override
  void execute(PredictRequest request, Configuration hadoop, PrintWriter out) {
    new PredictJob(hadoop, out).run(request);
  }
}
