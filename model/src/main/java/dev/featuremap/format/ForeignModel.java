package dev.featuremap.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that are given in place of safetensors, by their first eight bytes. */
enum ForeignModel {
  ZIP("it is a zip file, as torch.save writes it. " + Words.CONVERT, "PK\3\4"),
  PICKLE(
      "it is a Python pickle, as older versions of torch.save write it. " + Words.CONVERT,
      "\u0080[\2-\5]"),
  HDF5("it is an HDF5 file, as Keras writes it. " + Words.WRITE, "\u0089HDF\r\n"),
  GGUF("it is a GGUF file. " + Words.WRITE, "GGUF"),
  NUMPY("it is a NumPy array. " + Words.WRITE, "\u0093NUMPY"),
  GZIP("it is gzip data. Unpack it", "\u001f\u008b"),
  POINTER("it is a pointer of Git LFS. Fetch the file itself with git lfs pull", "version "),
  PAGE(
      "it is a web page (HTML or XML), as servers send it for an error. Fetch the file again",
      "\\s*<[!?a-zA-Z]"),
  TEXT("it is text (JSON). Give the file of the tensors", "\\s*\\{\\s*\"");

  /** Eight bytes, one a character. */
  private final Pattern head;

  private final String words;

  ForeignModel(String words, String head) {
    this.words = words;
    this.head = Pattern.compile(head);
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
    static final String CONVERT =
        "Convert it in Python: safetensors.torch.save_file(torch.load(\"model.pth\", map_location=\"cpu\", weights_only=True), \"model.safetensors\"); of a checkpoint, take its state_dict";
    static final String WRITE = "Write the tensors as safetensors, with the library of that name";
  }
}
