package dev.featuremap.job.cli;

import dev.featuremap.job.commands.pack.PackRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code featuremap pack}. */
@Command(
    name = "pack",
    description = {
      "Packs images of any source into shuffled Parquet files in the layout of Hugging Face.",
      "Started again, it goes on with the files that are missing."
    })
final class PackCommand implements Runnable {
  private final UseCases.Packing packing;
  private final Supplier<JobConfigLoader> loader;

  @Spec private CommandSpec command;
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
      defaultValue = "4096",
      description = "Images in each file but the last. Default: ${DEFAULT-VALUE}.")
  private int imagesPerFile;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides the order of the images. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--resize",
      paramLabel = "WxH",
      description =
          "Brings all images to one size, in the way of data.resize (stretch if that is none), and"
              + " writes them as PNG. Default: bytes stay what they are.")
  private Optional<String> size = Optional.empty();

  PackCommand(UseCases.Packing packing, Supplier<JobConfigLoader> loader) {
    this.packing = packing;
    this.loader = loader;
  }

  @Override
  public void run() {
    if (imagesPerFile < 1) {
      throw JobException.usage(
          "Cannot pack with --images-per-file %s: expected at least 1.".formatted(imagesPerFile));
    }
    packing.pack(
        new PackRequest(
            loader.get().load(data.request()).data(),
            Locations.parse("--to", target),
            imagesPerFile,
            seed,
            size.map(PackRequest.Size::parse)),
        command.commandLine().getOut());
  }
}
