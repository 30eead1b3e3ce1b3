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

  /** The one set that is divided into two. */
  List<Path> shared() {
    return settings.train().isPresent()
        ? folder.part("data.train", settings.train(), List.of())
        : folder.whole();
  }

  private List<Path> set(String key, Optional<String> given, List<String> usual) {
    Optional<List<Path>> own =
        given.isPresent()
            ? Optional.empty()
            : usual.stream()
                .filter(pattern -> !folder.named(pattern).isEmpty())
                .findFirst()
                .flatMap(folder::exactly)
                .map(List::of)
                .filter(this::looksRight);
    own.ifPresent(set -> folder.requireReadable(set, set));
    return own.orElseGet(() -> folder.part(key, given, usual));
  }

  private boolean looksRight(List<Path> set) {
    return set.stream()
        .flatMap(path -> folder.children(path).stream())
        .anyMatch(child -> format.sign().test(child, settings));
  }

  /** What lies beside some sets and is in none. */
  PassedOver beside(List<List<Path>> sets) {
    return folder.beside(sets.stream().flatMap(List::stream).toList());
  }
}
