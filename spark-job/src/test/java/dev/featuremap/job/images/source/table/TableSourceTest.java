package dev.featuremap.job.images.source.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Resize;
import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.SourceContract;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.testing.AsciiLocale;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a table gives, and what is said of a wrong one. */
class TableSourceTest extends SourceContract {
  @Override
  protected Format format() {
    return Format.TABLE;
  }

  @Override
  protected void write(Path target, int train, int test) {
    new DigitFiles(target, train, test).parquet(session());
  }

  @Test
  void saysWhatARowLacks() {
    session()
        .sql(
            "select cast(null as binary) image, 'a' label union all select cast('12' as binary), null")
        .coalesce(1)
        .write()
        .parquet(directory.resolve("train.parquet").toString());

    ImageSource train = open(directory).train();

    assertThat(train.labels().names()).containsExactly("a");
    ImageReading reading =
        new ImageReading(
            new ImageFit(new Shape(1, 28, 28), Resize.NONE), train.labels(), 2, 1 << 20);
    assertThat(
            train
                .read(SPARK.context(), IdFilter.ALL)
                .map(record -> "record %s %s".formatted(record.id(), fault(record, reading)))
                .collect())
        .containsExactly("record 0 its image is null", "record 1 it has no label");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"t[1] {a}*", "t:1", "50%41#é"})
  void readsATableOfAnyName(String name) throws IOException {
    AsciiLocale.skipUnlessItCanName(name);
    Path data = java.nio.file.Files.createDirectories(directory.resolve(name));
    write(data, 30, 10);
    java.nio.file.Files.createDirectories(directory.resolve("t1 a"));
    try (java.util.stream.Stream<Path> parts =
        java.nio.file.Files.list(data.resolve("train.parquet"))) {
      Path part =
          parts.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
      java.nio.file.Files.move(part, part.resolveSibling("10:00 [x].parquet"));
    }

    assertThat(open(data).train().images()).isEqualTo(30);
    assertThat(places(open(data).train())).hasSize(30);
    assertThat(open(data, "data.train=t*.parquet", "data.test=train.parquet").train().images())
        .isEqualTo(40);
  }

  @Test
  void refusesALinkThatLeadsOutOfATable() throws IOException {
    Path data = java.nio.file.Files.createDirectories(directory.resolve("data"));
    write(data, 30, 10);
    Path secret = java.nio.file.Files.writeString(directory.resolve("secret"), "x");
    java.nio.file.Files.createSymbolicLink(data.resolve("train.parquet/z.parquet"), secret);

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot use file:%s/train.parquet/z.parquet: it is a link to %s, out of the data in file:%1$s. Remove it, or set data.follow-links = true if you trust whoever made it; checkouts of DVC and git-annex need that."
            .formatted(data, secret),
        data);
  }

  private static String fault(SourceRecord record, ImageReading reading) {
    try {
      reading.classOf(record);
      reading.pixels(record.id(), record.place(), record.content());
      return "it is fine";
    } catch (BadImageException e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.table.label=class | it has no column class (data.table.label), its columns are id, image, label.",
        "data.table.image=label | column label (data.table.image) must be binary, a struct with binary bytes, a text with the path of a file, or Spark's image struct, got bigint.",
        "data.table.label=image | column image (data.table.label) must be a whole number, a boolean, a text or an array of them, got struct<bytes:binary,path:string>.",
      })
  void saysWhichColumnsATableHas(String setting, String message) {
    Path data = write("parquet");

    assertFails(
        ExitCode.USAGE,
        "Cannot read file:%s/train.parquet: %s".formatted(data, message),
        data,
        setting);
  }

  @Test
  void saysThatSparkCannotReadATable() throws IOException {
    touch("train.parquet");

    Throwable thrown =
        catchThrowable(
            () -> open(directory, "data.table.format=nosuch", "data.format=table").train());

    assertThat(thrown)
        .hasMessageStartingWith(
            "Cannot read file:%s/train.parquet as nosuch: ".formatted(directory));
    assertThat(TaskFailure.find(thrown).orElseThrow().exitCode()).isEqualTo(ExitCode.MISSING_INPUT);
  }

  @Test
  void readsTablesOfTheCatalog() {
    Path data = write("parquet");
    session().read().parquet(data + "/train.parquet").createOrReplaceTempView("digits_train");
    session().read().parquet(data + "/test.parquet").createOrReplaceTempView("digits_test");

    DataSets sets =
        open(
            data,
            "data.table.format=catalog",
            "data.train=digits_train",
            "data.test=digits_test",
            "data.ids=explicit");

    assertThat(labels(sets.train())).isEqualTo(labelsOfIdx(TRAIN));
    assertThat(sets.test()).hasToString("40 images in table digits_test");
    assertFails(
        ExitCode.USAGE,
        "Cannot use data.table.format = catalog: data.train must name a table, got nothing.",
        data,
        "data.table.format=catalog");
  }

  @Test
  void needsIdsOfRowsThatLieInNoFile() {
    session()
        .range(5)
        .selectExpr("cast('a' as binary) image", "id label")
        .createOrReplaceTempView("made");

    assertFails(
        ExitCode.USAGE,
        "Cannot number the records of table made: its rows come from no file. Set data.ids = explicit and data.table.id to a column with 0 to n-1.",
        directory,
        "data.table.format=catalog",
        "data.train=made",
        "data.test=made");
  }
}
