package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.FolderWalk;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/** What a command does with a directory of images before it trains, on any tree of files. */
public final class TreeTrial {
  private final Configuration hadoop = new Configuration();

  /**
   * Tells the format and, of folders, lists all files, as the tasks of a job do.
   *
   * @return what is wrong with the list; null if nothing is
   */
  public String list(DataSettings settings) throws Exception {
    DataFolder folder = DataFolder.of(hadoop, settings);
    SourceFormat format = FormatLookup.of(folder, settings);
    if (format.format() != Format.FOLDER) {
      return null;
    }
    SetPlaces places = new SetPlaces(folder, settings, (SourceFormat.Parts) format);
    for (List<Path> set : List.of(places.train(), places.test())) {
      List<Path> classes = new ArrayList<>();
      for (Path part : set) {
        List<FileStatus> children = folder.children(part);
        folder.requireReadable(children.stream().map(FileStatus::getPath).toList(), set);
        children.stream()
            .filter(FileStatus::isDirectory)
            .map(FileStatus::getPath)
            .forEach(classes::add);
      }
      classes = FolderWalk.distinct(folder, classes, new ArrayList<>());
      FolderWalk walk = FolderWalk.of(folder, folder.links(set), classes);
      for (Path start : classes) {
        List<FolderWalk.Found> found = walk.files(hadoop, start);
        long there = plainImages(java.nio.file.Path.of(start.toUri().getPath()));
        long listed = found.stream().filter(file -> !file.passed()).count();
        if (listed < there) {
          return "%s images listed of %s in %s".formatted(listed, there, start);
        }
      }
    }
    return null;
  }

  /** Files whose names say that they are images, and lie in no place that is hidden. */
  private static long plainImages(java.nio.file.Path start) throws Exception {
    try (Stream<java.nio.file.Path> files = Files.walk(start)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(start::relativize)
          .filter(file -> file.toString().matches("[^._](.*/[^._])?[^/]*\\.png"))
          .filter(file -> Stream.of(file.toString().split("/", -1)).noneMatch(TreeTrial::hidden))
          .count();
    }
  }

  private static boolean hidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /** Opens both sets with Spark, and reads every record. */
  public void read(JavaSparkContext spark, DataSettings settings) {
    DataSets sets = DataSets.open(spark, settings);
    sets.describe();
    for (ImageSource source : List.of(sets.train(), sets.test())) {
      source.read(spark, IdFilter.ALL).count();
    }
  }
}
