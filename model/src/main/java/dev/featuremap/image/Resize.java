package dev.featuremap.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What happens to an image of another size than is wanted. */
public enum Resize {
  /** It is refused. */
  NONE,
  /** Both sides are scaled, each by what it takes. */
  STRETCH,
  /** It is scaled to fit inside, centred, and surrounded by zeros. */
  FIT,
  /** It is scaled to cover all, and its centre is cut out. */
  CROP;

  /**
   * As settings and model files have it: {@code none}, {@code stretch}, {@code fit}, {@code crop}.
   */
  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of all. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Resize::settingName).toList();
  }

  /** The one of that {@link #settingName}. */
  public static Optional<Resize> named(String name) {
    return Arrays.stream(values()).filter(resize -> resize.settingName().equals(name)).findFirst();
  }
}
