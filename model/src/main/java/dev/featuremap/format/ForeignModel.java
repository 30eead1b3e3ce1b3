package dev.featuremap.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that are given in place of safetensors, by their first bytes. */
enum ForeignModel {
  ARRAYS(
      "it is a zip file of NumPy arrays (.npz). " + Words.python(Words.ARRAYS),
      Words.ZIP + "[ -~]{1,200}\\.npy"),
  KERAS(
      "it is a Keras archive. Unpack it and take its model.weights.h5. " + Words.python(Words.HDF5),
      Words.ZIP + "(metadata\\.json|config\\.json|model\\.weights\\.h5)"),
  ZIP("it is a zip file, as torch.save writes it. " + Words.python(Words.TORCH), "PK\3\4"),
  PICKLE(
      "it is a Python pickle, as older versions of torch.save write it. "
          + Words.python(Words.TORCH),
      "\u0080[\2-\5]"),
  HDF5("it is an HDF5 file, as Keras writes it. " + Words.python(Words.HDF5), "\u0089HDF\r\n"),
  ONNX(
      "it is an ONNX model. Convert it: featuremap import --from model.onnx --to DIRECTORY",
      // ir_version, then a field that a model has behind it.
      "\b[\2-\u001f][\u0012\u001a\"(2:B]"),
  TENSORFLOW_LITE("it is a TensorFlow Lite model. " + Words.WRITE, "....TFL3"),
  GGUF("it is a GGUF file. " + Words.WRITE, "GGUF"),
  NUMPY("it is a NumPy array. " + Words.python(Words.ARRAY), "\u0093NUMPY"),
  GZIP("it is gzip data. Unpack it", "\u001f\u008b"),
  POINTER("it is a pointer of Git LFS. Fetch the file itself with git lfs pull", "version "),
  PAGE(
      "it is a web page (HTML or XML), as servers send it for an error. Fetch the file again",
      "\\s*<[!?a-zA-Z]"),
  TEXT("it is text (JSON). Give the file of the tensors", "\\s*\\{\\s*\"");

  /** How many bytes tell the kinds apart. */
  static final int HEAD_BYTES = 512;

  /** The first bytes, one a character. */
  private final Pattern head;

  private final String words;

  ForeignModel(String words, String head) {
    this.words = words;
    this.head = Pattern.compile(head, Pattern.DOTALL);
  }

  /** The kind of file that begins with {@code bytes}. */
  static Optional<ForeignModel> of(byte[] bytes) {
    String head = new String(bytes, ISO_8859_1);
    return Arrays.stream(values()).filter(kind -> kind.head.matcher(head).lookingAt()).findFirst();
  }

  /** What it is and what to do, as the rest of a sentence without its full stop. */
  String words() {
    return words;
  }

  private static final class Words {
    static final String WRITE = "Write the tensors as safetensors, with the library of that name";

    /** A zip file's first entry up to its name. */
    static final String ZIP = "PK\3\4.{26}";

    static final String TORCH =
        "import torch, safetensors.torch as s; d = torch.load(\"model.pth\", map_location=\"cpu\", weights_only=True); s.save_file({k: v.contiguous().clone() for k, v in d.get(\"state_dict\", d).items()}, \"model.safetensors\")";
    static final String ARRAYS =
        "import numpy, safetensors.numpy as s; s.save_file(dict(numpy.load(\"model.npz\")), \"model.safetensors\")";
    static final String ARRAY =
        "import numpy, safetensors.numpy as s; s.save_file({\"fc.weight\": numpy.load(\"fc.weight.npy\")}, \"model.safetensors\")";

    /** Keras has convolutions as rows, columns, inputs, outputs; its names stay. */
    static final String HDF5 =
        "import h5py, numpy, safetensors.numpy as s; t = {}; h5py.File(\"model.h5\").visititems(lambda n, d: t.update({n.replace(\"/\", \".\"): numpy.ascontiguousarray(d[()].transpose(3, 2, 0, 1) if d.ndim == 4 else d[()].T)}) if isinstance(d, h5py.Dataset) else None); s.save_file(t, \"model.safetensors\")";

    static String python(String line) {
      return "Convert it: python3 -c '%s'".formatted(line);
    }
  }
}
