package dev.featuremap.job.testing;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        Files.write(directory.resolve("logits.bin"), logits(model, pixels));
      }
    }
  }

  private static byte[] logits(ModelFile model, byte[] pixels) {
    Shape shape = model.plan().spec().input().shape();
    int images = pixels.length / shape.size();
    ImageChunk chunk = new ImageChunk(shape, new long[images], new int[images], pixels);
    float[] logits = new float[images * model.plan().classes()];
    try (Team team = new Team(2)) {
      new Predictor(model.plan(), KernelLookup.kernels(), model.values(), team)
          .outputsInto(new MemoryShard(List.of(chunk)), logits, new float[logits.length]);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(logits.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(logits);
    return bytes.array();
  }
}
