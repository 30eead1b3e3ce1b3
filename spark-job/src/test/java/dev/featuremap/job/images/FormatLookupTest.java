package dev.featuremap.job.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.testing.MnistFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in a directory is told by more than its first level. */
class FormatLookupTest extends SourceTrial {
  private static final String TAR = Format.WEBDATASET.text();

  /** Spark's names of files have the digits of the JVM's locale. */
  private static final String FIRST_PART = "part-%05d-".formatted(0);

  private static Dataset<Row> rows(String labels) {
    return session()
        .sql(
            "select cast('a' as binary) image, label, 2024 year from values "
                + labels
                + " as t(label)");
  }

  private Map<Long, String> train(String... settings) {
    return new TreeMap<>(labels(open(directory, settings).train()));
  }

  @Test
  void readsTheLabelsOfPartitionsUnescaped() {
    rows("('cat'), ('a:b'), ('x y'), ('a%41')")
        .coalesce(1)
        .write()
        .partitionBy("year", "label")
        .parquet(directory + "/train");

    assertThat(directory.resolve("train/year=2024/label=a%3Ab")).exists();
    assertThat(train().values()).containsExactlyInAnyOrder("cat", "a:b", "x y", "a%41");
  }

  @ParameterizedTest
  @CsvSource({"007, 008", "1.0, 2.0", "2024-01-01, 2024-01-02", "true, false", "1e3, 12"})
  void takesTheNamesOfPartitionsAsTheTextTheyAre(String one, String other) {
    rows("('%s'), ('%s')".formatted(one, other))
        .write()
        .partitionBy("label")
        .parquet(directory + "/train");

    assertThat(train().values()).containsExactlyInAnyOrder(one, other);
  }

  @Test
  void readsPartitionsThatAPatternNames() {
    rows("('3'), ('4')").write().partitionBy("label").parquet(directory + "/table");

    assertThat(train("data.train=table/label=*").values()).containsExactlyInAnyOrder("3", "4");
  }

  @Test
  void readsPartitionsWhoseFilesHaveNoEnding() throws IOException {
    rows("('3'), ('4')").write().partitionBy("label").parquet(directory + "/train");
    try (var files = Files.walk(directory.resolve("train"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".parquet")).toList()) {
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        Files.move(file, file.resolveSibling("000000_0"));
      }
    }

    assertThat(train().values()).containsExactlyInAnyOrder("3", "4");
  }

  @Test
  void saysWhichColumnsThereAreIfNoneIsTheLabel() {
    rows("('cat')").write().partitionBy("label").parquet(directory + "/train");

    assertFails(
        ExitCode.USAGE,
        "Cannot read file:%s/train: it has no column class (data.table.label), its columns are image, year, label."
            .formatted(directory),
        directory,
        "data.table.label=class");
  }

  @Test
  void takesFoldersNamedLikePartitionsForClassesIfTheyHoldImages() throws IOException {
    touch("train/size=1/1.png");
    touch("train/size=2/1.png");

    assertThat(train().values()).containsExactly("size=1", "size=2");
  }

  @ParameterizedTest
  @CsvSource({
    "_delta_log/00000000000000000000.json, a Delta, _delta_log, delta",
    "metadata/v1.metadata.json, an Iceberg, metadata, iceberg",
    "metadata/00000-5c6e.metadata.json, an Iceberg, metadata, iceberg",
    ".hoodie/hoodie.properties, a Hudi, .hoodie, hudi"
  })
  void refusesToReadTheFilesOfATableThatHasALog(
      String file, String kind, String metadata, String format) throws IOException {
    rows("('cat')").write().partitionBy("label").parquet(directory + "/train/data");
    rows("('cat')").coalesce(1).write().mode("append").parquet(directory + "/train");
    touch("train/" + file);
    String message =
        "Cannot read file:%s/train as parquet: it is %s table, and %s says which of its files count. Set data.table.format = %s and give Spark its package, or export a snapshot once with Spark: spark.read.format(\"%4$s\").load(\"file:%1$s/train\").write.parquet(\"…\")."
            .formatted(directory, kind, metadata, format);

    assertFails(ExitCode.USAGE, message, directory);
    assertFails(ExitCode.USAGE, message, directory, "data.format=table");
    assertFails(ExitCode.USAGE, message, directory.resolve("train"));
    assertFails(ExitCode.USAGE, message, directory.resolve("train"), "data.test-fraction=0.5");
    assertFails(ExitCode.USAGE, message, directory, "data.train=train/*.parquet");
    assertFails(ExitCode.USAGE, message, directory.resolve("train/data"), "data.test-fraction=0.5");
    assertFails(
        ExitCode.USAGE,
        message,
        directory.resolve("train/data/label=cat"),
        "data.format=table",
        "data.test-fraction=0.5");
  }

  @Test
  void takesNoTablesForImagesOfAClass() {
    rows("('cat')").coalesce(1).write().parquet(directory + "/train/2024");

    assertThat(failure())
        .startsWith(
            "Cannot tell how to read the images in file:%s: where a folder for each class is expected, there is file:%1$s/train/2024/%2$s"
                .formatted(directory, FIRST_PART))
        .endsWith(
            ".parquet. Name the directories of a table or of tar files by data.train and data.test; if the files are images, set data.format = folder.");
  }

  private String failure(String... settings) {
    try {
      open(directory, settings).train();
      return "none";
    } catch (RuntimeException e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train.tar.gz", "train.tar", "train.tgz", "train.zip", "train.parquet"})
  void readsFoldersBesideTheArchiveThatTheyCameFrom(String archive) throws IOException {
    touch("train/cat/1.png");
    touch("test/cat/1.png");
    touch(archive);

    DataSets sets = open(directory);

    assertThat(sets.train()).hasToString("1 images in file:%s/train".formatted(directory));
    assertThat(sets.test().images()).isEqualTo(1);
  }

  @Test
  void readsTheFormatOfTheSettingBesideAnother() throws IOException {
    touch("train/cat/1.png");
    touch("test/cat/1.png");
    write("tar");

    assertFails(
        ExitCode.USAGE,
        "Cannot tell how to read the images in file:%s: they may be folder (train/cat/) or %s (train-0.tar). Set data.format = folder or data.format = %2$s."
            .formatted(directory, TAR),
        directory);
    assertThat(open(directory, "data.format=folder").train())
        .hasToString("1 images in file:%s/train".formatted(directory));
    assertThat(open(directory, "data.format=" + TAR).train().images()).isEqualTo(TRAIN);
  }

  @Test
  void takesNoneOfTwoReadingsOfOneDirectory() throws IOException {
    touch("cat/1.png");
    touch("photos.tar");

    assertFails(
        ExitCode.USAGE,
        "Cannot tell how to read the images in file:%s: they may be folder (cat/) or %s (photos.tar). Set data.format = folder or data.format = %2$s."
            .formatted(directory, TAR),
        directory,
        "data.test-fraction=0.5");
  }

  @Test
  void takesNoneOfNamedFilesAndFolders() throws IOException {
    MnistFiles.firstDigits(directory, 3, 2, "");
    touch("train/cat/1.png");
    assertThat(open(directory).train().images()).isEqualTo(3);
    touch("test/cat/1.png");

    assertFails(
        ExitCode.USAGE,
        "Cannot tell how to read the images in file:%s: they may be idx (its files) or folder (train/cat/). Set data.format = idx or data.format = folder."
            .formatted(directory),
        directory);
  }

  @Test
  void takesNoneOfImagesAndATableThatNeedNoLabels() throws IOException {
    touch("1.png");
    touch("index.parquet");

    assertThatThrownBy(() -> DataSets.unlabelled(SPARK.context(), settings(directory), List.of()))
        .hasMessage(
            "Cannot tell how to read the images in file:%s: they may be folder (1.png) or table (index.parquet). Set data.format = folder or data.format = table.",
            directory);
  }

  @Test
  void saysThatSetsAreOfTwoFormats() throws IOException {
    touch("train.tar");
    touch("test/cat/1.png");

    assertFails(
        ExitCode.USAGE,
        "Cannot tell how to read the images in file:%s: to train on there is %s (train.tar), to test on folder (test/cat/). Set data.train and data.test to sets of one format."
            .formatted(directory, TAR),
        directory);
  }

  @Test
  void takesNoneOfASetAndOneWhoseNameBeginsSo() throws IOException {
    write("tar");
    Files.copy(directory.resolve("train-0.tar"), directory.resolve("train.tar"));
    Files.delete(directory.resolve("train-0.tar"));
    Files.delete(directory.resolve("train-1.tar"));

    assertFails(
        ExitCode.USAGE,
        "Cannot tell which of train-2.tar, train.tar in file:%s to take: one is named so, others begin so. Set data.train to one of them, or to \"train*\" for all."
            .formatted(directory),
        directory);
    assertThat(open(directory, "data.train=train*").train().images()).isEqualTo(130);
    assertThat(open(directory, "data.train=train-2.tar").train().images()).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({
    "train.csv, train.csv, data.table.format = csv",
    "train.tsv.gz, train.tsv.gz, data.table.format = tsv",
    "train/metadata.jsonl, metadata.jsonl, 'data.table.format = jsonl, data.train = train/metadata.jsonl, data.test likewise'"
  })
  void saysHowToReadAList(String file, String list, String settings) throws IOException {
    touch(file);
    touch("train.txt");

    assertThatThrownBy(() -> open(directory))
        .hasMessageEndingWith(
            "To read the list %s, set %s, and data.table.image and data.table.label to its columns."
                .formatted(list, settings));
  }

  @Test
  void namesTheDirectoryBelowThatHoldsTheSets() throws IOException {
    touch("README.md");
    touch("data/train-00000-of-00001.parquet");

    assertThatThrownBy(() -> open(directory))
        .hasMessageEndingWith(
            "Perhaps file:%s/data is meant, where train-00000-of-00001.parquet lies: give it by --data."
                .formatted(directory));
  }

  @Test
  void passesOverFilesOfTheNameThatAreNoSet() throws IOException {
    touch("train/cat/1.png");
    touch("train.csv");
    touch("test.csv");
    touch("test.zip");
    touch("val/cat/1.png");
    touch("val/cat/2.png");

    assertThat(open(directory).test()).hasToString("2 images in file:%s/val".formatted(directory));
  }

  @Test
  void takesAllPartsWhoseNamesDifferByMore() throws IOException {
    touch("train-1/cat/1.png");
    touch("train-2/cat/1.png");

    assertThat(open(directory).train().images()).isEqualTo(2);
  }

  @Test
  void refusesWhatSparkWouldPassOver() throws IOException {
    rows("('cat')").coalesce(1).write().parquet(directory + "/train");
    rows("('cat')").coalesce(1).write().parquet(directory + "/train/old");

    assertThat(failure("data.format=table"))
        .startsWith("Cannot read all of file:%s/train: beside %s".formatted(directory, FIRST_PART))
        .endsWith(
            ".parquet, Spark would pass over old/. Move them apart, or name what is to be read by data.train and data.test.");
  }
}
