package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.table.LakeTable;
import dev.featuremap.job.images.source.table.PartitionFolders;
import dev.featuremap.job.images.source.table.TableFiles;
import dev.featuremap.job.path.FileSystems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * As what the paths of a set can be read, from what lies in them and, as far as needed, below.
 *
 * @param examples what speaks for a format, as a name in the set
 * @param astray a file of a table or an archive where a folder of images is expected; empty if
 *     there is none, or images too
 */
record SetContents(Map<Format, String> examples, Optional<Path> astray) {
  /** Folders that are looked into: with a thousand classes, a few tell the format. */
  static final int FOLDERS_TRIED = 16;

  private static final int DEEPEST = 8;

  private static final Set<Format> BELOW = Set.of(Format.TABLE, Format.WEBDATASET, Format.TFRECORD);

  /**
   * Looks into a set.
   *
   * @param labelled whether images need a folder for each class
   */
  static SetContents of(
      DataFolder folder, List<Path> paths, DataSettings settings, boolean labelled) {
    Map<Format, String> examples = new EnumMap<>(Format.class);
    List<Path> astray = new ArrayList<>();
    for (Path path : paths) {
      if (LakeTable.at(folder, path).isPresent()) {
        examples.putIfAbsent(Format.TABLE, name(folder, path));
        continue;
      }
      int tried = 0;
      for (FileStatus child : folder.children(path)) {
        if (child.isFile()) {
          ofFile(child, settings)
              .or(() -> labelled ? Optional.empty() : ofImage(child))
              .ifPresent(format -> examples.putIfAbsent(format, name(folder, child.getPath())));
        } else if (tried++ < FOLDERS_TRIED) {
          ofFolder(folder, child, settings, examples, astray);
        }
      }
    }
    boolean images = examples.containsKey(Format.FOLDER);
    return new SetContents(examples, images ? Optional.empty() : astray.stream().findFirst());
  }

  /** The formats that it can be read as. */
  Set<Format> formats() {
    return examples.keySet();
  }

  private static Optional<Format> ofFile(FileStatus file, DataSettings settings) {
    return SourceFormat.ALL.stream()
        .filter(
            format ->
                format instanceof SourceFormat.Parts parts && parts.sign().test(file, settings))
        .map(SourceFormat::format)
        .findFirst();
  }

  private static Optional<Format> ofImage(FileStatus file) {
    return TableFiles.isImage(file.getPath()) ? Optional.of(Format.FOLDER) : Optional.empty();
  }

  private static void ofFolder(
      DataFolder data,
      FileStatus child,
      DataSettings settings,
      Map<Format, String> examples,
      List<Path> astray) {
    Path path = child.getPath();
    Optional<FileStatus> first = firstFile(data, path, DEEPEST);
    Optional<Format> format = first.flatMap(file -> content(data, file, settings));
    if (format.isEmpty()) {
      examples.putIfAbsent(Format.FOLDER, name(data, path) + "/");
    } else if (format.get() == Format.TABLE && PartitionFolders.isOne(path.getName())) {
      examples.putIfAbsent(Format.TABLE, name(data, path) + "/");
    } else {
      astray.add(first.get().getPath());
    }
  }

  private static Optional<Format> content(DataFolder data, FileStatus file, DataSettings settings) {
    Optional<Format> told = ofFile(file, settings).filter(BELOW::contains);
    return told.isEmpty() && TableFiles.isOne(data.configuration(), file)
        ? Optional.of(Format.TABLE)
        : told;
  }

  /** A file below a folder, whichever comes first. */
  private static Optional<FileStatus> firstFile(DataFolder data, Path folder, int levels) {
    List<Path> folders = new ArrayList<>();
    try {
      FileSystem files = FileSystems.of(folder, data.configuration());
      RemoteIterator<FileStatus> children = files.listStatusIterator(folder);
      while (children.hasNext()) {
        FileStatus child = children.next();
        if (DataFolder.isHidden(child.getPath())) {
          continue;
        }
        if (child.isFile()) {
          return Optional.of(child);
        }
        folders.add(child.getPath());
      }
    } catch (IOException e) {
      throw ReadFailure.of(folder, e);
    }
    return folders.stream()
        .limit(levels > 1 ? 2 : 0)
        .flatMap(below -> firstFile(data, below, levels - 1).stream())
        .findFirst();
  }

  private static String name(DataFolder folder, Path path) {
    String root = folder.root() + "/";
    String text = path.toString();
    return text.startsWith(root) ? text.substring(root.length()) : text;
  }
}
