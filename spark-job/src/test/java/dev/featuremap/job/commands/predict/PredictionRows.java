package dev.featuremap.job.commands.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** The rows that {@code predict} has written, without Spark. */
final class PredictionRows {
  private PredictionRows() {}

  /** The files of a directory. */
  static List<Path> parts(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("part-.*\\.parquet"))
          .sorted()
          .toList();
    }
  }

  /** The rows of all files of a directory. */
  static List<Group> in(Path target) throws IOException {
    List<Group> rows = new ArrayList<>();
    for (Path part : parts(target)) {
      rows.addAll(of(part));
    }
    return rows;
  }

  /** The rows of a file. */
  static List<Group> of(Path file) throws IOException {
    List<Group> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path("file:" + file))
            .build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** A column of numbers, such as {@code probabilities}. */
  static float[] floats(Group row, String column) {
    Group list = row.getGroup(column, 0);
    float[] values = new float[list.getFieldRepetitionCount("list")];
    for (int k = 0; k < values.length; k++) {
      values[k] = list.getGroup("list", k).getFloat("element", 0);
    }
    return values;
  }
}
