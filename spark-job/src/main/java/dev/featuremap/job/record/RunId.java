package dev.featuremap.job.record;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The name of a run, chosen by whoever schedules it; any Airflow run id is one.
 *
 * <p>As a directory name, the UTF-8 bytes of characters outside {@code [A-Za-z0-9._=-]} are written
 * as {@code ~} and two hexadecimal digits: {@code a:b} is the directory {@code a~3Ab}. The tilde is
 * legal in paths of HDFS and S3 and needs no further escaping in URIs, unlike {@code %}.
 */
public final class RunId {
  private static final int LONGEST = 200;
  // One component of a path has at most 255 bytes, on HDFS as on local disks.
  private static final int LONGEST_DIRECTORY_NAME = 255;
  private static final char ESCAPE = '~';
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final String text;
  private final String directoryName;

  private RunId(String text, String directoryName) {
    this.text = text;
    this.directoryName = directoryName;
  }

  /**
   * Checks a run id.
   *
   * @throws IllegalArgumentException if it is empty or longer than 200 characters, starts with
   *     {@code .} or {@code _}, contains {@code /}, is not valid Unicode, or escapes to a directory
   *     name of more than 255 bytes
   */
  public static RunId of(String text) {
    require(!text.isEmpty(), text, "it must not be empty");
    require(
        text.length() <= LONGEST,
        text,
        "it has %s characters, expected at most %s".formatted(text.length(), LONGEST));
    require(text.charAt(0) != '.' && text.charAt(0) != '_', text, "it must not start with . or _");
    require(text.indexOf('/') < 0, text, "it must not contain /");
    String directoryName = escape(text);
    require(
        directoryName.length() <= LONGEST_DIRECTORY_NAME,
        text,
        "its directory name has %s bytes, expected at most %s"
            .formatted(directoryName.length(), LONGEST_DIRECTORY_NAME));
    return new RunId(text, directoryName);
  }

  /** Makes an id of the UTC time and four random hexadecimal digits. */
  public static RunId generate(Instant now, RandomGenerator random) {
    return of(TIME.format(now) + "-" + String.format(Locale.ROOT, "%04x", random.nextInt(1 << 16)));
  }

  /** The id as it was given. */
  public String text() {
    return text;
  }

  /** The id as one component of a path. */
  public String directoryName() {
    return directoryName;
  }

  private static String escape(String text) {
    StringBuilder name = new StringBuilder();
    for (byte unit : utf8(text)) {
      if (isPlain(unit)) {
        name.append((char) unit);
      } else {
        name.append(ESCAPE).append(HEX.toHexDigits(unit));
      }
    }
    return name.toString();
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          message(text, "it contains half a surrogate pair, which is no character"), e);
    }
  }

  private static boolean isPlain(byte unit) {
    return (unit >= 'a' && unit <= 'z')
        || (unit >= 'A' && unit <= 'Z')
        || (unit >= '0' && unit <= '9')
        || "._=-".indexOf(unit) >= 0;
  }

  private static void require(boolean condition, String text, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(message(text, rule));
    }
  }

  private static String message(String text, String rule) {
    String shown = text.length() <= 60 ? text : text.substring(0, 57) + "...";
    return "Cannot use run id \"%s\": %s.".formatted(shown, rule);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RunId id && id.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
