package dev.featuremap.job.cli;

import dev.featuremap.job.commands.predict.PredictRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code featuremap predict}. */
@Command(
    name = "predict",
    description = {
      "Writes what a trained network says of all images of a source, or of those of data.test, as",
      "Parquet. They need no labels. Started again, it goes on with the images that are missing."
    })
final class PredictCommand implements Runnable {
  private final UseCases.Predicting predicting;
  private final Supplier<JobConfigLoader> loader;

  @Spec private CommandSpec command;
  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--to",
      paramLabel = "URI",
      required = true,
      description = "Directory that gets the files; empty, or of an earlier start of the same.")
  private String target;

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

  PredictCommand(UseCases.Predicting predicting, Supplier<JobConfigLoader> loader) {
    this.predicting = predicting;
    this.loader = loader;
  }

  @Override
  public void run() {
    if (imagesPerFile < 1) {
      throw JobException.usage(
          "Cannot predict with --images-per-file %s: expected at least 1."
              .formatted(imagesPerFile));
    }
    predicting.predict(
        new PredictRequest(
            model.location("predict"),
            loader.get().load(data.request()).data(),
            keep,
            Locations.parse("--to", target),
            imagesPerFile),
        command.commandLine().getOut());
  }
}
