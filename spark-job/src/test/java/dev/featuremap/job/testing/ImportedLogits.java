package dev.featuremap.job.testing;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.record.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs imported models on images of a file, to compare what others make of them.
 *
 * <p>Arguments: directories with {@code model.safetensors} and {@code pixels.bin}, images of bytes
 * one after the other; each gets {@code logits.bin}, little-endian floats.
 */
public final class ImportedLogits {
  private ImportedLogits() {}

  /** Writes the logits of each directory. */
  public static void main(String[] directories) throws IOException {
    for (String name : directories) {
      Path directory = Path.of(name);
      Path file = directory.resolve(RunDirectory.MODEL);
      try (InputStream in = Files.newInputStream(file)) {
        ModelFile model = ModelFile.read(in, Files.size(file), file.toString());
        byte[] pixels = Files.readAllBytes(directory.resolve("pixels.bin"));
        SampleNetworks.writeFloats(
            SampleNetworks.logits(model, pixels), directory.resolve("logits.bin"));
      }
    }
  }
}
