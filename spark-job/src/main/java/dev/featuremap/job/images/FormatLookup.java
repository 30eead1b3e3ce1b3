package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Tells from names what a directory of images is, where the settings leave it open. */
final class FormatLookup {
  private FormatLookup() {}

  static SourceFormat of(DataFolder folder, DataSettings settings) {
    if (settings.format() != Format.AUTO) {
      return SourceFormat.of(settings.format());
    }
    if (settings.table().isCatalog()) {
      return SourceFormat.of(Format.TABLE);
    }
    return named(folder)
        .or(() -> inOwn(folder, settings))
        .or(() -> inSet(folder, training(folder, settings), settings))
        .orElseThrow(() -> unknown(folder, settings));
  }

  /** The same for one set whose images may have no labels: files of any name are a folder. */
  static SourceFormat ofSet(DataFolder folder, DataSettings settings, List<Path> set) {
    if (settings.format() != Format.AUTO) {
      return SourceFormat.of(settings.format());
    }
    return named(folder)
        .or(() -> inSet(folder, set, settings))
        .orElseGet(() -> SourceFormat.of(Format.FOLDER));
  }

  private static Optional<SourceFormat> named(DataFolder folder) {
    return SourceFormat.ALL.stream()
        .filter(format -> format instanceof SourceFormat.Named named && named.sign().test(folder))
        .findFirst();
  }

  /** Looks at what a set is named after, or what that directory holds. */
  private static Optional<SourceFormat> inSet(
      DataFolder folder, List<Path> set, DataSettings settings) {
    List<FileStatus> below = set.stream().flatMap(part -> folder.children(part).stream()).toList();
    return SourceFormat.ALL.stream()
        .filter(
            format ->
                format instanceof SourceFormat.Parts parts
                    && below.stream().anyMatch(child -> parts.sign().test(child, settings)))
        .findFirst();
  }

  /** Looks at the folder train alone, where there is one: what else begins so is another thing. */
  private static Optional<SourceFormat> inOwn(DataFolder folder, DataSettings settings) {
    return settings.train().isPresent() || settings.testFraction() > 0
        ? Optional.empty()
        : DataFolder.TRAIN.stream()
            .flatMap(usual -> folder.exactly(usual).stream())
            .findFirst()
            .flatMap(own -> inSet(folder, List.of(own), settings));
  }

  private static JobException unknown(DataFolder folder, DataSettings settings) {
    List<String> looks = SourceFormat.ALL.stream().map(SourceFormat::looks).toList();
    int last = looks.size() - 1;
    String expected = String.join(", ", looks.subList(0, last)) + ", or " + looks.get(last);
    return JobException.missingInput(
        "Cannot find images in %s: expected %s; got %s. Set data.format, data.train and data.test, or data.test-fraction for one set."
            .formatted(
                folder.root(),
                expected.formatted(settings.table().format()),
                DataFolder.names(folder.children(folder.root()))),
        null);
  }

  private static List<Path> training(DataFolder folder, DataSettings settings) {
    if (settings.train().isPresent()) {
      return folder.named(settings.train().get());
    }
    return settings.testFraction() > 0
        ? folder.whole()
        : DataFolder.TRAIN.stream().flatMap(pattern -> folder.named(pattern).stream()).toList();
  }
}
