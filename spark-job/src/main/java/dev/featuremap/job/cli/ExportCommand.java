package dev.featuremap.job.cli;

import dev.featuremap.job.commands.export.ExportFormat;
import dev.featuremap.job.commands.export.ExportRequest;
import dev.featuremap.job.config.Locations;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code featuremap export}. */
@Command(
    name = "export",
    description = {
      "Writes a trained network for PyTorch (model.py and model.safetensors) and ONNX (model.onnx)."
    })
final class ExportCommand implements Runnable {
  private final UseCases.Exporting exporting;

  @Spec private CommandSpec command;
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--to",
      paramLabel = "URI",
      required = true,
      description = "Directory that gets the files; those of these names are replaced.")
  private String target;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      split = ",",
      description = "Formats: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<ExportFormat> formats = new ArrayList<>();

  ExportCommand(UseCases.Exporting exporting) {
    this.exporting = exporting;
  }

  @Override
  public void run() {
    exporting.export(
        new ExportRequest(
            model.location("export"),
            Locations.parse("--to", target),
            formats.isEmpty() ? List.of(ExportFormat.values()) : formats),
        command.commandLine().getOut());
  }
}
