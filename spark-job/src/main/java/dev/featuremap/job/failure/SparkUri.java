package dev.featuremap.job.failure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** The names that Spark gives to files: URIs in which it escapes what a URI must not have. */
public final class SparkUri {
  private static final Pattern URI_TEXT =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(?://([^/]*))?(/.*)");

  private SparkUri() {}

  /**
   * The name as a path of Hadoop has it, {@code file:///a b} for {@code file:///a%20b}. What is no
   * URI stays as it is.
   */
  public static String decoded(String uri) {
    try {
      URI parsed = new URI(uri);
      if (parsed.getPath() == null || uri.indexOf('%') < 0) {
        return uri;
      }
      String raw = parsed.getRawPath();
      return uri.substring(0, uri.length() - raw.length()) + parsed.getPath();
    } catch (URISyntaxException e) {
      return uri;
    }
  }

  /** The path of a name that is decoded. */
  static Path path(String decoded) {
    Matcher uri = URI_TEXT.matcher(decoded);
    return uri.matches()
        ? new Path(uri.group(1), "".equals(uri.group(2)) ? null : uri.group(2), uri.group(3))
        : new Path(null, null, decoded);
  }
}
