package dev.featuremap.job.images.source;

import java.util.List;
import java.util.Locale;

/** One line about a set for people: how many images of which classes lie where, and what else. */
public final class SourceSummary {
  private static final int CLASSES_SHOWN = 10;

  private SourceSummary() {}

  /** About a set. */
  public static String of(ImageSource source) {
    return of(source, PassedOver.NONE);
  }

  /**
   * About a set.
   *
   * @param beside what lies beside it and belongs to no set
   */
  public static String of(ImageSource source, PassedOver beside) {
    return source + classes(source.labels().shown()) + passed(source.passedOver(), beside);
  }

  /** About a set whose labels, if it has any, are not read. */
  public static String unlabelled(ImageSource source) {
    return source + passed(source.passedOver(), PassedOver.NONE);
  }

  private static String classes(List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String first = String.join(", ", names.subList(0, Math.min(CLASSES_SHOWN, names.size())));
    return names.size() <= CLASSES_SHOWN
        ? String.format(Locale.ROOT, "; %d classes: %s", names.size(), first)
        : String.format(
            Locale.ROOT,
            "; %,d classes: %s … and %,d more",
            names.size(),
            first,
            names.size() - CLASSES_SHOWN);
  }

  private static String passed(PassedOver within, PassedOver beside) {
    String text = "";
    if (within.count() > 0) {
      text += String.format(Locale.ROOT, "; passed over %,d: %s", within.count(), within);
    }
    if (beside.count() > 0) {
      text += String.format(Locale.ROOT, "; in no set: %s", beside);
    }
    return text;
  }
}
