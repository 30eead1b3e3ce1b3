package dev.featuremap.spec;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads a list of sections that each stand above the section around them. */
public final class StackedSections {
  private StackedSections() {}

  /**
   * The sections; what one leaves out is as in the section around it. They know the keys that have
   * been asked for there so far. None when the list is absent.
   *
   * @param once keys that only the section around them may have
   */
  public static List<Options> read(Options around, String key, Set<String> once) {
    List<Options> sections = new ArrayList<>();
    around
        .value(key)
        .ifPresent(
            given -> {
              if (!add(given, around, key, once, sections)) {
                around.problem(
                    "Cannot use %s: expected a list of sections { … }, got %s."
                        .formatted(around.path(key), given.render(ConfigRenderOptions.concise())));
              }
            });
    return sections;
  }

  /** False where there is anything but sections. */
  private static boolean add(
      ConfigValue given, Options around, String key, Set<String> once, List<Options> sections) {
    if (!(given instanceof ConfigList list)) {
      return false;
    }
    for (ConfigValue value : list) {
      if (!(value instanceof ConfigObject section)) {
        return false;
      }
      String place = "%s[%s]".formatted(around.path(key), sections.size());
      sections.add(around.under(key, own(section, around, once, place).toConfig(), place));
    }
    return true;
  }

  private static ConfigObject own(
      ConfigObject section, Options around, Set<String> once, String place) {
    ConfigObject own = section;
    for (String name : new TreeSet<>(once)) {
      if (own.containsKey(name)) {
        own = own.withoutKey(name);
        around.problem(
            "Cannot use %s.%s: it holds for the whole run. Set %s."
                .formatted(place, name, around.path(name)));
      }
    }
    return own;
  }
}
