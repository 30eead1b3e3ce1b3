package dev.featuremap.job.path;

import dev.featuremap.job.failure.SparkUri;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * Text that is a path, and paths made of names. Nothing here is a pattern or percent-encoded unless
 * its method says so: {@code [ ] { } * ? \ % # + :}, spaces and {@code %41} are characters of a
 * name.
 */
public final class PathText {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(?!/).*");
  private static final Pattern COLON_FIRST = Pattern.compile("[^/]*:.*");
  private static final Pattern URI_TEXT = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  private PathText() {}

  /**
   * The path that a user or a stored file gives: a path, or {@code scheme://authority/path}.
   *
   * @throws IllegalArgumentException if it is empty, or a relative path that begins like a scheme
   */
  public static Path parse(String text) {
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches()) {
      throw new IllegalArgumentException(
          "%s: is read as the scheme of a URI; write ./%s for a file of that name"
              .formatted(scheme.group(1), text));
    }
    boolean named = COLON_FIRST.matcher(text).matches() && !URI_TEXT.matcher(text).matches();
    return new Path(named ? "./" + text : text);
  }

  /** What has a name in a directory. */
  public static Path child(Path directory, String name) {
    return new Path(directory, new Path(null, null, name));
  }

  /** The same, of a directory as {@link #parse} takes it. */
  public static Path child(String directory, String name) {
    return child(parse(directory), name);
  }

  /** What a relative path names below a directory; an absolute path, or a URI, itself. */
  public static Path below(Path directory, String relative) {
    return isAbsolute(relative) ? new Path(directory, parse(relative)) : child(directory, relative);
  }

  /** True for text that does not depend on a directory: a URI, or a path from the root. */
  public static boolean isAbsolute(String text) {
    return text.startsWith("/") || URI_TEXT.matcher(text).matches();
  }

  /**
   * The path of a percent-encoded URI: Spark names files so, in {@code inputFiles()} and {@code
   * input_file_name()}.
   */
  public static Path ofEncoded(String uri) {
    // Readers of other formats give paths as they are.
    return parse(SparkUri.decoded(uri));
  }
}
