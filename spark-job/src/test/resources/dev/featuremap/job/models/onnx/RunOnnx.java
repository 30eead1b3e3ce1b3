import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Runs exported networks: RunOnnx DIRECTORY..., each with what SampleNetworks writes. */
public final class RunOnnx {
  private RunOnnx() {}

  public static void main(String[] directories) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    for (String directory : directories) {
      run(environment, Path.of(directory));
    }
  }

  /** Writes the logits to {@code found.bin}, as {@code logits.bin} has them. */
  private static void run(OrtEnvironment environment, Path directory) throws Exception {
    byte[] pixels = Files.readAllBytes(directory.resolve("pixels.bin"));
    FloatBuffer floats = FloatBuffer.allocate(pixels.length);
    for (byte pixel : pixels) {
      floats.put(pixel & 0xFF);
    }
    String[] sizes = Files.readString(directory.resolve("shape.txt")).strip().split(" ");
    long[] shape = new long[sizes.length];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = Long.parseLong(sizes[axis]);
    }
    try (OrtSession session = environment.createSession(directory.resolve("model.onnx").toString());
        OnnxTensor images = OnnxTensor.createTensor(environment, floats.rewind(), shape);
        OrtSession.Result result = session.run(Map.of("pixels", images))) {
      FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
      ByteBuffer bytes = ByteBuffer.allocate(logits.remaining() * Float.BYTES);
      bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(logits);
      Files.write(directory.resolve("found.bin"), bytes.array());
    }
  }
}
