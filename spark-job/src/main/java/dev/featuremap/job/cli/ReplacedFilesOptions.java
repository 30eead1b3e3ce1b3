package dev.featuremap.job.cli;

import dev.featuremap.job.config.Locations;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The option of commands that write a few files, each at once. */
final class ReplacedFilesOptions {
  @Option(
      names = "--to",
      paramLabel = "URI",
      required = true,
      description = "Directory that gets the files; those of these names are replaced.")
  private String target;

  Path path() {
    return Locations.parse("--to", target);
  }
}
