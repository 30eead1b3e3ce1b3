package dev.featuremap.format;

import dev.featuremap.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A small JSON file that carries the SHA-256 of itself.
 *
 * <p>It is one line, {@code {"sha256":"…","<name>":…}}: its line feed proves that it is finished.
 * The hash is over the bytes of the value as they stand in the file, so it is checked before
 * anything is parsed.
 */
public final class SealedJson {
  private static final String HEAD = "{\"sha256\":\"%s\",\"%s\":";
  private static final byte[] END = "}\n".getBytes(StandardCharsets.UTF_8);

  private SealedJson() {}

  /**
   * The bytes of a file.
   *
   * @param name the key of the value
   * @param value an object as JSON
   */
  public static byte[] seal(String name, String value) {
    byte[] body = value.getBytes(StandardCharsets.UTF_8);
    byte[] head = head(name, Sha256.of(body));
    byte[] file = Arrays.copyOf(head, head.length + body.length + END.length);
    System.arraycopy(body, 0, file, head.length, body.length);
    System.arraycopy(END, 0, file, head.length + body.length, END.length);
    return file;
  }

  /** The value in a file's bytes, which nobody has parsed yet. */
  public static byte[] open(String name, byte[] file) throws BrokenSealException {
    int begin = head(name, "0".repeat(64)).length;
    int end = file.length - END.length;
    if (end < begin || !Arrays.equals(file, end, file.length, END, 0, END.length)) {
      throw new BrokenSealException("it is torn, it ends after " + file.length + " bytes", true);
    }
    byte[] body = Arrays.copyOfRange(file, begin, end);
    byte[] head = head(name, Sha256.of(body));
    if (!Arrays.equals(file, 0, begin, head, 0, begin)) {
      throw new BrokenSealException("its content does not match its own SHA-256", false);
    }
    return body;
  }

  private static byte[] head(String name, String sha256) {
    return HEAD.formatted(sha256, name).getBytes(StandardCharsets.UTF_8);
  }
}
