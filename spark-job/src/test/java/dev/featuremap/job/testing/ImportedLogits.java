package dev.featuremap.job.testing;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.importing.ImportRule;
import dev.featuremap.job.models.importing.OnnxReader;
import dev.featuremap.job.record.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Runs imported models on images of a file, to compare what others make of them.
 *
 * <p>Arguments: directories with {@code pixels.bin}, images of bytes one after the other, and
 * {@code model.safetensors}, or {@code model.onnx}, which is imported. Each gets {@code
 * logits.bin}, little-endian floats, or {@code refused.txt}, why it cannot be imported.
 */
public final class ImportedLogits {
  private static final ImportRule RULE =
      new ImportRule(Optional.empty(), List.of(0.0), List.of(1.0), false, Optional.empty());

  private ImportedLogits() {}

  /** Writes the logits of each directory. */
  public static void main(String[] directories) throws IOException {
    for (String name : directories) {
      Path directory = Path.of(name);
      try {
        byte[] pixels = Files.readAllBytes(directory.resolve("pixels.bin"));
        SampleNetworks.writeFloats(
            SampleNetworks.logits(model(directory), pixels), directory.resolve("logits.bin"));
      } catch (JobException e) {
        Files.writeString(directory.resolve("refused.txt"), e.getMessage());
      }
    }
  }

  private static ModelFile model(Path directory) throws IOException {
    Path file = directory.resolve(RunDirectory.MODEL);
    boolean isImported = Files.exists(file);
    Path read = isImported ? file : directory.resolve("model.onnx");
    try (InputStream in = Files.newInputStream(read)) {
      return isImported
          ? ModelFile.read(in, Files.size(read), read.toString())
          : OnnxReader.read(in, read.toString(), RULE).model();
    }
  }
}
