package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.PassedOver;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** Where the sets of a format lie whose sets lie wherever the settings say. */
record SetPlaces(DataFolder folder, DataSettings settings, SourceFormat.Parts format) {

  List<Path> train() {
    return set("data.train", settings.train(), DataFolder.TRAIN);
  }

  List<Path> test() {
    return set("data.test", settings.test(), DataFolder.TEST);
  }

  /**
   * Validation images: where the setting says, or beside the others under a usual name that holds
   * the format, unless those are the test images.
   */
  List<Path> validation() {
    Optional<String> given = settings.validation();
    if (given.isPresent()) {
      return given.get().equals(DataSettings.NO_VALIDATION)
          ? List.of()
          : folder.part("data.validation", given, List.of());
    }
    List<Path> found =
        settings.findsValidation()
            ? UsualPaths.fitting(folder, settings, format.format(), DataFolder.VALIDATION.get(0))
            : List.of();
    return found.isEmpty() || test().stream().anyMatch(found::contains)
        ? List.of()
        : set("data.validation", given, DataFolder.VALIDATION);
  }

  /** The one set that is divided into two. */
  List<Path> shared() {
    return settings.train().isPresent()
        ? folder.part("data.train", settings.train(), List.of())
        : folder.whole();
  }

  private List<Path> set(String key, Optional<String> given, List<String> usual) {
    return given.isPresent()
        ? folder.part(key, given, usual)
        : UsualPaths.find(folder, settings, format.format(), key, usual);
  }

  /** What lies beside some sets and is in none. */
  PassedOver beside(List<List<Path>> sets) {
    return folder.beside(sets.stream().flatMap(List::stream).toList());
  }
}
