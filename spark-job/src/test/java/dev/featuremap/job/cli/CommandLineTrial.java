package dev.featuremap.job.cli;

import dev.featuremap.job.commands.evaluate.EvaluationRequest;
import dev.featuremap.job.commands.export.ExportRequest;
import dev.featuremap.job.commands.pack.PackRequest;
import dev.featuremap.job.commands.predict.PredictRequest;
import dev.featuremap.job.commands.publish.PublishRequest;
import dev.featuremap.job.commands.publish.RollbackRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The command line, with use cases that only note what they are asked for. */
final class CommandLineTrial {
  final List<JobConfig> trained = new ArrayList<>();
  final List<EvaluationRequest> evaluated = new ArrayList<>();
  final List<PackRequest> packed = new ArrayList<>();
  final List<ExportRequest> exported = new ArrayList<>();
  final List<PredictRequest> predicted = new ArrayList<>();
  final List<PublishRequest> published = new ArrayList<>();
  final List<RollbackRequest> rolledBack = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  ExitCode run(String... arguments) {
    return runWith((config, progress) -> trained.add(config), arguments);
  }

  ExitCode runWith(UseCases.Training training, String... arguments) {
    UseCases useCases =
        new UseCases(
            training,
            (request, progress) -> evaluated.add(request),
            (config, progress) -> progress.println("checked " + config.data().path()),
            (request, progress) -> packed.add(request),
            (request, progress) -> exported.add(request),
            (request, progress) -> predicted.add(request),
            (request, progress) -> published.add(request),
            (request, progress) -> rolledBack.add(request),
            (model, progress) -> progress.println("history of " + model));
    return new Featuremap(useCases, () -> JobConfigLoader.of(new Configuration()))
        .run(arguments, new PrintWriter(out), new PrintWriter(err));
  }

  /** What was printed on standard output. */
  String out() {
    return out.toString();
  }

  /** What was printed on standard error. */
  String err() {
    return err.toString();
  }

  /** True if no use case was asked for anything. */
  boolean isIdle() {
    return List.of(trained, evaluated, packed, exported, predicted, published, rolledBack).stream()
        .allMatch(List::isEmpty);
  }

  /** A path below the working directory, as a URI of Hadoop. */
  static String here(String path) {
    return "file:" + Path.of("").toAbsolutePath().resolve(path);
  }

  static Optional<org.apache.hadoop.fs.Path> path(String uri) {
    return Optional.of(new org.apache.hadoop.fs.Path(uri));
  }
}
