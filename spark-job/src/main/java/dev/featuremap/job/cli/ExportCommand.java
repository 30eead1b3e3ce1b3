package dev.featuremap.job.cli;

import dev.featuremap.job.commands.export.ExportFormat;
import dev.featuremap.job.commands.export.ExportJob;
import dev.featuremap.job.commands.export.ExportRequest;
import dev.featuremap.job.config.JobConfigLoader;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code featuremap export}. */
@Command(
    name = "export",
    description = {
      "Writes a trained network for PyTorch (model.py and model.safetensors) and ONNX (model.onnx)."
    })
final class ExportCommand extends JobCommand<ExportRequest> {
  @Mixin private ModelOptions model = new ModelOptions();

  @Mixin private ReplacedFilesOptions target = new ReplacedFilesOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      split = ",",
      description = "Formats: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<ExportFormat> formats = new ArrayList<>();

  @Override
  ExportRequest request(JobConfigLoader settings) {
    return new ExportRequest(
        model.location("export"),
        target.path(),
        formats.isEmpty() ? List.of(ExportFormat.values()) : formats);
  }

  @Override
  void execute(ExportRequest request, Configuration hadoop, PrintWriter out) {
    new ExportJob(hadoop, out).run(request);
  }
}
