package dev.featuremap.job.cli;

import dev.featuremap.job.commands.publish.PublishJob;
import dev.featuremap.job.commands.publish.PublishRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.ModelReference;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code featuremap publish}. */
@Command(
    name = "publish",
    description = {
      "Copies a trained network into a directory of numbered versions and lets latest name it.",
      "A checkpoint that is published already is left alone."
    })
final class PublishCommand extends JobCommand<PublishRequest> {
  @Mixin private TrainedModelOptions model = new TrainedModelOptions();

  @Option(
      names = "--to",
      paramLabel = "URI",
      required = true,
      description = "Directory of the versions of one model, such as s3a://bucket/models/digits.")
  private String target;

  @Option(
      names = "--alias",
      paramLabel = "NAME",
      description = "Another name for the new version besides latest. May be repeated.")
  private List<String> aliases = new ArrayList<>();

  @Option(
      names = "--min-accuracy",
      paramLabel = "SHARE",
      description =
          "Least test accuracy of the run, 0 to 1; below it nothing is published and the exit code"
              + " is 77.")
  private Optional<Double> minAccuracy = Optional.empty();

  @Option(
      names = "--result",
      paramLabel = "URI",
      description = "File that gets the version and what it is as flat JSON.")
  private Optional<String> result = Optional.empty();

  @Override
  PublishRequest request(JobConfigLoader settings) {
    aliases.forEach(alias -> requireAlias("publish", alias));
    minAccuracy.ifPresent(PublishCommand::requireShare);
    return new PublishRequest(
        model.location("publish"),
        target(),
        new LinkedHashSet<>(aliases),
        minAccuracy.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
        result.map(uri -> Locations.parse("--result", uri)));
  }

  @Override
  void execute(PublishRequest request, Configuration hadoop, PrintWriter out) {
    new PublishJob(hadoop, out).run(request);
  }

  private Path target() {
    Path path = Locations.parse("--to", target);
    if (path.getName().contains("@")) {
      throw JobException.usage(
          "Cannot publish to %s: the new version gets its number by itself. Leave %s out."
              .formatted(path, path.getName().substring(path.getName().lastIndexOf('@'))));
    }
    return path;
  }

  static void requireAlias(String action, String alias) {
    if (!ModelReference.isAlias(alias)) {
      throw JobException.usage(
          "Cannot %s with --alias %s: expected a letter, then letters, digits, '.', '_' or '-', at most 100."
              .formatted(action, alias));
    }
  }

  private static void requireShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw JobException.usage(
          "Cannot publish with --min-accuracy %s: expected a share from 0 to 1, such as 0.97."
              .formatted(share));
    }
  }
}
