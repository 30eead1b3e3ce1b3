package dev.featuremap.job.models.registry;

import dev.featuremap.format.StoredNames;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * A published model as users name it: {@code s3a://bucket/models/digits} for the newest, {@code
 * …/digits@3} for a version, {@code …/digits@champion} for what an alias names.
 *
 * @param directory of the model's versions
 * @param selector a version's number or an alias
 */
public record ModelReference(Path directory, String selector) {
  /** The alias that every publication moves. */
  public static final String LATEST = StoredNames.LATEST;

  private static final Pattern ALIAS = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

  /**
   * Splits a path at the last {@code @} of its last part.
   *
   * @param option how messages name it, for example {@code --model}
   * @throws JobException with {@code USAGE} if what follows is neither a number nor an alias
   */
  public static ModelReference of(String option, Path path) {
    String name = path.getName();
    int at = name.lastIndexOf('@');
    if (at < 0) {
      return new ModelReference(path, LATEST);
    }
    String selector = name.substring(at + 1);
    if (at == 0 || !(VERSION.matcher(selector).matches() || isAlias(selector))) {
      throw JobException.usage(
          "Cannot use %s: expected a directory, or one with @ and a version or an alias, such as digits@3, got %s."
              .formatted(option, path));
    }
    String directory = name.substring(0, at);
    return new ModelReference(
        path.getParent() == null
            ? PathText.parse(directory)
            : PathText.child(path.getParent(), directory),
        selector);
  }

  /** One version. */
  static ModelReference version(Path directory, long version) {
    return new ModelReference(directory, Long.toString(version));
  }

  /** True for a name that an alias may have: a letter, then letters, digits, dots and hyphens. */
  public static boolean isAlias(String name) {
    return ALIAS.matcher(name).matches();
  }

  /** The number, if a version is meant and not an alias. */
  public OptionalLong version() {
    return isAlias(selector) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(selector));
  }

  @Override
  public String toString() {
    return directory + "@" + selector;
  }
}
