package dev.featuremap.job.cli;

import dev.featuremap.job.commands.pack.PackJob;
import dev.featuremap.job.commands.pack.PackRequest;
import dev.featuremap.job.config.JobConfigLoader;
import java.io.PrintWriter;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code featuremap pack}. */
@Command(
    name = "pack",
    description = {
      "Packs images of any source into shuffled Parquet files in the layout of Hugging Face.",
      "Started again, it goes on with the files that are missing."
    })
final class PackCommand extends JobCommand<PackRequest> {
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private TargetOptions target = new TargetOptions();

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

  @Override
  PackRequest request(JobConfigLoader settings) {
    TargetOptions.requireImages("pack", imagesPerFile);
    return new PackRequest(
        data.load(settings).data(),
        target.path(),
        imagesPerFile,
        seed,
        size.map(PackRequest.Size::parse));
  }

  @Override
  void execute(PackRequest request, Configuration hadoop, PrintWriter out) {
    new PackJob(hadoop, out).run(request);
  }
}
