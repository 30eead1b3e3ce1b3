package dev.featuremap.job.commands.export;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.models.onnx.OnnxModel;
import dev.featuremap.job.models.pytorch.PytorchSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a trained network can be exported as. */
public enum ExportFormat {
  /** A Python module and a file of tensors. */
  PYTORCH {
    @Override
    Map<String, Content> files() {
      Map<String, Content> files = new LinkedHashMap<>();
      files.put("model.safetensors", ModelFile::write);
      files.put(
          "model.py",
          (model, out) -> out.write(PytorchSource.of(model).getBytes(StandardCharsets.UTF_8)));
      return files;
    }
  },
  /** One file with graph and tensors. */
  ONNX {
    @Override
    Map<String, Content> files() {
      return Map.of("model.onnx", OnnxModel::write);
    }
  };

  /** Writes a file of a model. */
  interface Content {
    void write(ModelFile model, OutputStream out) throws IOException;
  }

  /** The files of this format by name. */
  abstract Map<String, Content> files();

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
