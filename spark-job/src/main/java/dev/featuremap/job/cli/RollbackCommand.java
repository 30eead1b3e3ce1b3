package dev.featuremap.job.cli;

import dev.featuremap.job.commands.publish.RollbackJob;
import dev.featuremap.job.commands.publish.RollbackRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.ModelReference;
import java.io.PrintWriter;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code featuremap rollback}. */
@Command(
    name = "rollback",
    description = "Lets latest, or another alias of a published model, name an earlier version.")
final class RollbackCommand extends JobCommand<RollbackRequest> {
  @Option(
      names = "--model",
      paramLabel = "URI@VERSION",
      required = true,
      description = "The version to go back to, such as s3a://bucket/models/digits@2.")
  private String model;

  @Option(
      names = "--alias",
      paramLabel = "NAME",
      defaultValue = ModelReference.LATEST,
      description = "The alias that is moved. Default: ${DEFAULT-VALUE}.")
  private String alias;

  @Override
  RollbackRequest request(JobConfigLoader settings) {
    PublishCommand.requireAlias("roll back", alias);
    ModelReference reference = ModelReference.of("--model", Locations.parse("--model", model));
    long version =
        reference
            .version()
            .orElseThrow(
                () ->
                    JobException.usage(
                        "Cannot roll back %s: expected a version behind @, such as %s@2. featuremap history lists them."
                            .formatted(model, reference.directory())));
    return new RollbackRequest(reference.directory(), version, alias);
  }

  @Override
  void execute(RollbackRequest request, Configuration hadoop, PrintWriter out) {
    new RollbackJob(hadoop, out).run(request);
  }
}
