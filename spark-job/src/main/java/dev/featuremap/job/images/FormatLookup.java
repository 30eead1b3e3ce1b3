package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.table.LakeTable;
import dev.featuremap.job.images.source.table.ListFiles;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Tells what a directory of images is, where the settings leave it open: from names, and from what
 * lies below them. Where two readings are possible, it takes none.
 */
final class FormatLookup {
  private FormatLookup() {}

  /**
   * The format of the training images; that of the test images must be the same.
   *
   * @throws JobException with {@code MISSING_INPUT} if nothing fits, {@code USAGE} if several do
   */
  static SourceFormat of(DataFolder folder, DataSettings settings) {
    if (settings.format() != Format.AUTO) {
      return SourceFormat.of(settings.format());
    }
    if (settings.table().isCatalog()) {
      return SourceFormat.of(Format.TABLE);
    }
    Optional<SourceFormat> named = named(folder);
    boolean partsAreGiven =
        settings.train().isPresent() || settings.test().isPresent() || settings.isOneSet();
    if (named.isPresent() && partsAreGiven) {
      return named.get();
    }
    SetContents train = SetContents.of(folder, training(folder, settings), settings, true);
    SetContents test = testing(folder, settings);
    Map<Format, String> found = new LinkedHashMap<>();
    Set<Format> both = inBoth(train, test, named.isPresent());
    named.ifPresent(format -> found.put(format.format(), "its files"));
    both.forEach(format -> found.put(format, train.examples().get(format)));
    if (both.isEmpty() && named.isEmpty() && !train.formats().isEmpty()) {
      throw differ(folder, train, test);
    }
    return only(folder, found)
        .orElseThrow(
            () ->
                train.astray().isPresent()
                    ? astray(folder, train.astray().get())
                    : unknown(folder, settings));
  }

  /** A set that is missing may be of any format, unless whole sets are asked for. */
  private static Set<Format> inBoth(SetContents train, SetContents test, boolean whole) {
    Set<Format> both = EnumSet.noneOf(Format.class);
    both.addAll(train.formats());
    if (whole || !test.formats().isEmpty()) {
      both.retainAll(test.formats());
    }
    return both;
  }

  /** The same for one set whose images may have no labels: files of any name are a folder. */
  static SourceFormat ofSet(DataFolder folder, DataSettings settings, List<Path> set) {
    if (settings.format() != Format.AUTO) {
      return SourceFormat.of(settings.format());
    }
    Optional<SourceFormat> named = named(folder);
    if (named.isPresent()) {
      return named.get();
    }
    SetContents contents = SetContents.of(folder, set, settings, false);
    contents
        .astray()
        .filter(file -> contents.formats().isEmpty())
        .ifPresent(
            file -> {
              throw astray(folder, file);
            });
    return only(folder, contents.examples()).orElseGet(() -> SourceFormat.of(Format.FOLDER));
  }

  private static Optional<SourceFormat> named(DataFolder folder) {
    return SourceFormat.ALL.stream()
        .filter(format -> format instanceof SourceFormat.Named named && named.sign().test(folder))
        .findFirst();
  }

  private static Optional<SourceFormat> only(DataFolder folder, Map<Format, String> found) {
    if (found.size() > 1) {
      throw JobException.usage(
          "Cannot tell how to read the images in %s: they may be %s. Set %s."
              .formatted(
                  folder.root(),
                  found.entrySet().stream()
                      .map(entry -> "%s (%s)".formatted(entry.getKey().text(), entry.getValue()))
                      .collect(Collectors.joining(" or ")),
                  found.keySet().stream()
                      .map(format -> "data.format = " + format.text())
                      .collect(Collectors.joining(" or "))));
    }
    return found.keySet().stream().findFirst().map(SourceFormat::of);
  }

  private static JobException differ(DataFolder folder, SetContents train, SetContents test) {
    return JobException.usage(
        "Cannot tell how to read the images in %s: to train on there is %s, to test on %s. Set data.train and data.test to sets of one format."
            .formatted(folder.root(), list(train), list(test)));
  }

  private static String list(SetContents contents) {
    return contents.examples().entrySet().stream()
        .map(entry -> "%s (%s)".formatted(entry.getKey().text(), entry.getValue()))
        .collect(Collectors.joining(" and "));
  }

  private static JobException astray(DataFolder folder, Path file) {
    return JobException.usage(
        "Cannot tell how to read the images in %s: where a folder for each class is expected, there is %s. Name the directories of a table or of tar files by data.train and data.test; if the files are images, set data.format = folder."
            .formatted(folder.root(), file));
  }

  private static JobException unknown(DataFolder folder, DataSettings settings) {
    LakeTable.requireNone(folder, folder.whole(), settings);
    List<String> looks = SourceFormat.ALL.stream().map(SourceFormat::looks).toList();
    int last = looks.size() - 1;
    String expected = String.join(", ", looks.subList(0, last)) + ", or " + looks.get(last);
    return JobException.missingInput(
        "Cannot find images in %s: expected %s; got %s. %s"
            .formatted(
                folder.root(),
                expected.formatted(settings.table().format()),
                DataFolder.names(folder.children(folder.root())),
                ListFiles.wayToRead(folder)
                    .or(() -> oneLevelDown(folder))
                    .orElse(
                        "Set data.format, data.train and data.test, or data.test-fraction for one set.")),
        null);
  }

  /** Data sets are often downloaded as they are kept, with all files in {@code data}. */
  private static Optional<String> oneLevelDown(DataFolder folder) {
    return folder.children(folder.root()).stream()
        .filter(FileStatus::isDirectory)
        .limit(SetContents.FOLDERS_TRIED)
        .flatMap(child -> trainingBelow(folder, child.getPath()).stream())
        .findFirst();
  }

  private static Optional<String> trainingBelow(DataFolder folder, Path path) {
    return DataFolder.TRAIN.stream()
        .flatMap(pattern -> DataFolder.of(folder.configuration(), path).named(pattern).stream())
        .findFirst()
        .map(
            found ->
                "Perhaps %s is meant, where %s lies: give it by --data."
                    .formatted(path, found.getName()));
  }

  private static List<Path> training(DataFolder folder, DataSettings settings) {
    if (settings.train().isPresent()) {
      return folder.named(settings.train().get());
    }
    return settings.isOneSet()
        ? folder.whole()
        : DataFolder.TRAIN.stream().flatMap(pattern -> folder.named(pattern).stream()).toList();
  }

  /** The first of the usual names that holds any format: a {@code test.csv} is no set. */
  private static SetContents testing(DataFolder folder, DataSettings settings) {
    SetContents nothing = SetContents.of(folder, List.of(), settings, true);
    if (settings.isOneSet()) {
      return nothing;
    }
    return settings.test().map(List::of).orElse(DataFolder.TEST).stream()
        .map(pattern -> SetContents.of(folder, folder.named(pattern), settings, true))
        .filter(contents -> !contents.formats().isEmpty())
        .findFirst()
        .orElse(nothing);
  }
}
