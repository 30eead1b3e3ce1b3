package dev.featuremap.image;

import dev.featuremap.spec.Options;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What happens to an image of another size than is wanted. {@link #NONE}, {@link #STRETCH}, {@link
 * #FIT} and {@link #CROP} are the words of settings; the others compute as Pillow or TensorFlow do,
 * whose steps are done with images of the wanted size too. Travels.
 *
 * @param way what is done
 * @param shorter with {@link Way#PILLOW}: the length that the shorter side gets before the centre
 *     is cut out; 0 for both sides scaled to what is wanted
 * @param crop the side of that centre, as it was written; 0 for the wanted size
 * @param filter of Pillow's and TensorFlow's ways
 * @param cropPadding with {@link Way#TENSORFLOW}: of the shorter side the share {@code wanted /
 *     (wanted + cropPadding)} is cut out of the centre, as a square; 0 for the whole image
 */
public record Resize(Way way, int shorter, int crop, Filter filter, int cropPadding)
    implements Serializable {

  /** What is done. */
  public enum Way {
    /** Another size is refused. */
    NONE,
    /** Both sides are scaled, each by what it takes. */
    STRETCH,
    /** It is scaled to fit inside, centred, and surrounded by zeros. */
    FIT,
    /** It is scaled to cover all, and its centre is cut out. */
    CROP,
    /** It is scaled by filters that widen towards fewer pixels: as Pillow, so as torchvision. */
    PILLOW,
    /** It is scaled by filters that do not widen, between centres of pixels: as tf.image.resize. */
    TENSORFLOW
  }

  /** Which pixels count, and how much. */
  public enum Filter {
    /** Lines between neighbours. */
    BILINEAR,
    /** Keys' cubic with a = -1/2 (R. Keys 1981, eq. 4 and 15), which may overshoot. */
    BICUBIC
  }

  /** Another size is refused. */
  public static final Resize NONE = new Resize(Way.NONE);

  /** Both sides are scaled, each by what it takes. */
  public static final Resize STRETCH = new Resize(Way.STRETCH);

  /** It is scaled to fit inside, centred, and surrounded by zeros. */
  public static final Resize FIT = new Resize(Way.FIT);

  /** It is scaled to cover all, and its centre is cut out. */
  public static final Resize CROP = new Resize(Way.CROP);

  private static final List<Resize> WORDS = List.of(NONE, STRETCH, FIT, CROP);
  private static final int LONGEST_SIDE = 65_536;

  private Resize(Way way) {
    this(way, 0, 0, Filter.BILINEAR, 0);
  }

  /** The ways that are one word. */
  public static List<Resize> words() {
    return WORDS;
  }

  /** The names of those that are one word. */
  public static List<String> names() {
    return WORDS.stream().map(Resize::settingName).toList();
  }

  /**
   * As settings and model files have it: {@code none}, {@code stretch}, {@code fit}, {@code crop},
   * or such as <code>{ shorter = 256, crop = 224 }</code>.
   */
  public String settingName() {
    if (WORDS.stream().anyMatch(word -> word.way == way)) {
      return way.name().toLowerCase(Locale.ROOT);
    }
    List<String> keys = new ArrayList<>();
    if (way == Way.TENSORFLOW || shorter == 0) {
      keys.add("like = " + Options.word(way));
    }
    if (shorter > 0) {
      keys.add("shorter = " + shorter);
    }
    if (crop > 0) {
      keys.add("crop = " + crop);
    }
    if (cropPadding > 0) {
      keys.add("crop-padding = " + cropPadding);
    }
    if (filter != Filter.BILINEAR) {
      keys.add("filter = " + Options.word(filter));
    }
    return "{ %s }".formatted(String.join(", ", keys));
  }

  /** As directories of results remember it: words in capitals. */
  public String name() {
    String text = settingName();
    return text.startsWith("{") ? text : text.toUpperCase(Locale.ROOT);
  }

  /**
   * This one, or if it is none, another one.
   *
   * @param recorded what a model says of its training
   */
  public Resize orElse(Resize recorded) {
    return equals(NONE) ? recorded : this;
  }

  /** The one of that {@link #settingName}. */
  public static Optional<Resize> named(String name) {
    if (!name.startsWith("{")) {
      return WORDS.stream().filter(resize -> resize.settingName().equals(name)).findFirst();
    }
    List<String> problems = new ArrayList<>();
    Options root = Options.ofText("resize = " + name, "", problems);
    Resize resize = read(root, "resize");
    return problems.isEmpty() ? Optional.of(resize) : Optional.empty();
  }

  /**
   * Reads a word, or a section; none when absent.
   *
   * @param section whose problems it adds to
   */
  public static Resize read(Options section, String key) {
    if (!section.isSection(key)) {
      String word = section.choice(key, NONE.settingName(), names().toArray(String[]::new));
      return named(word).orElseThrow();
    }
    Options keys = section.section(key);
    String like = keys.choice("like", "pillow", "pillow", "tensorflow");
    Way way = Way.valueOf(like.toUpperCase(Locale.ROOT));
    int shorter = side(keys, "shorter");
    int crop = side(keys, "crop");
    int cropPadding = side(keys, "crop-padding");
    Filter filter = keys.choice("filter", Filter.BILINEAR);
    keys.rejectUnknown();
    if (way == Way.TENSORFLOW && shorter + crop > 0) {
      keys.problem(
          "Cannot use %s with like = tensorflow: TensorFlow's way has like, filter and crop-padding. Leave it out."
              .formatted(keys.path(shorter > 0 ? "shorter" : "crop")));
    } else if (way == Way.PILLOW && cropPadding > 0) {
      keys.problem(
          "Cannot use %s without like = tensorflow: Pillow's way has shorter and crop. Add like = tensorflow, or leave it out."
              .formatted(keys.path("crop-padding")));
    } else if (crop > 0 && shorter == 0) {
      keys.problem(
          "Cannot use %s without %s: it cuts the centre out of the image that has been scaled. Set both, such as { shorter = 256, crop = 224 }."
              .formatted(keys.path("crop"), keys.path("shorter")));
    }
    return new Resize(way, shorter, crop, filter, cropPadding);
  }

  private static int side(Options keys, String key) {
    return keys.has(key) ? keys.integer(key, 1, 1, LONGEST_SIDE) : 0;
  }
}
