package dev.featuremap.job.images.source.table;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;

/** Lists as text, a row a line: how Spark reads them, and how their files are named. */
enum ListFormat {
  /** Values between commas, their names in the first line. */
  CSV("csv", "csv", ",", "csv"),
  /** The same between tabs. */
  TSV("tsv", "csv", "\t", "tsv tab"),
  /** An object of JSON a line. */
  JSON("json", "json", null, "json jsonl ndjson"),
  /** The same by another name. */
  JSONL("jsonl", "json", null, "jsonl ndjson json");

  private final String name;
  private final String reader;
  private final String separator;
  private final String endings;

  ListFormat(String name, String reader, String separator, String endings) {
    this.name = name;
    this.reader = reader;
    this.separator = separator;
    this.endings = endings;
  }

  /** The one that {@code data.table.format} names; empty for tables of other formats. */
  static Optional<ListFormat> of(String format) {
    return List.of(values()).stream().filter(list -> list.name.equals(format)).findFirst();
  }

  /** The one whose files have such names, best if it is called as they end; empty if none. */
  static Optional<ListFormat> ofFile(String file) {
    return Stream.of(values())
        .filter(list -> list.isFile(file))
        .reduce((one, other) -> file.contains("." + other.name) ? other : one);
  }

  /** What {@code data.table.format} calls it. */
  String text() {
    return name;
  }

  /** True where all values are texts. */
  boolean isOfTexts() {
    return separator != null;
  }

  /** True for the name of such a file, gzipped or not. */
  boolean isFile(String file) {
    return Stream.of(endings.split(" ", -1))
        .anyMatch(ending -> file.endsWith("." + ending) || file.endsWith("." + ending + ".gz"));
  }

  /** Lets Spark read such files: a column's name decides, not its place, and 007 stays a text. */
  DataFrameReader read(DataFrameReader files) {
    return isOfTexts()
        ? files
            .format(reader)
            .options(
                Map.of(
                    "header", "true",
                    "inferSchema", "false",
                    "enforceSchema", "false",
                    "escape", "\"",
                    "sep", separator))
        : files.format(reader);
  }
}
