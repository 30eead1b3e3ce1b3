package dev.featuremap.job.images.source.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with a column that says in which set a row is. */
class TableSplitsTest extends SourceTrial {
  private static final String SPLIT = "data.table.split=split";

  /** Row k has the label k, and of these words the one at k modulo their number. */
  private Dataset<Row> rows(int count, String... words) {
    return session()
        .sql(
            "select int(id) k, cast('x' as binary) image, string(id) label, element_at(array(%s), int(id %% %s) + 1) split from range(0, %s, 1, 1)"
                .formatted(String.join(", ", words), "" + words.length, "" + count));
  }

  private Path table(int count, String... words) {
    Path data = directory.resolve("data");
    rows(count, words).write().parquet(data.resolve("images.parquet").toString());
    return data;
  }

  private static List<String> rowsOf(ImageSource source) {
    return labels(source).entrySet().stream()
        .map(row -> row.getKey() + ":" + row.getValue())
        .toList();
  }

  @Test
  void giveThreeSets() {
    DataSets sets =
        open(
            table(9, "'train'", "'TRAINING '", "'validation'", "'test'"),
            SPLIT,
            "data.train=images.parquet");

    assertThat(rowsOf(sets.train())).containsExactly("0:0", "1:1", "2:4", "3:5", "4:8");
    assertThat(rowsOf(sets.validation().orElseThrow())).containsExactly("0:2", "1:6");
    assertThat(rowsOf(sets.test())).containsExactly("0:3", "1:7");
    assertThat(sets.describe())
        .containsExactly(
            "5 images in file:%s/data/images.parquet (split: train); 5 classes: 0, 1, 4, 5, 8"
                .formatted(directory),
            "2 images in file:%s/data/images.parquet (split: validation); 2 classes: 2, 6"
                .formatted(directory),
            "2 images in file:%s/data/images.parquet (split: test); 2 classes: 3, 7"
                .formatted(directory));
    assertThat(sets.withoutFoundValidation().validation()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"val", "valid", "dev", "Validation"})
  void testByValidationImagesWhereThereAreNoOthers(String word) {
    DataSets sets =
        open(table(4, "'train'", "'%s'".formatted(word)), SPLIT, "data.train=images.parquet");

    assertThat(sets.validation()).isEmpty();
    assertThat(rowsOf(sets.test())).containsExactly("0:1", "1:3");
  }

  @Test
  void tellWhichRowsAreInNoSet() {
    Path data =
        table(10, "'train'", "'test'", "'extra'", "cast(null as string)", "'val'", "'Extra'");

    assertThat(open(data, SPLIT, "data.train=images.parquet").describe().get(2))
        .endsWith("; in no set: Extra (1 row), extra (2 rows), null (2 rows)");
    DataSets two = open(data, SPLIT, "data.train=images.parquet", "data.validation=none");
    assertThat(two.validation()).isEmpty();
    assertThat(two.describe().get(1))
        .endsWith("; in no set: Extra (1 row), extra (2 rows), null (2 rows), validation (1 row)");
  }

  @Test
  void tellTheFirstOfManyValues() {
    String[] words =
        IntStream.range(0, 9)
            .mapToObj(k -> k == 0 ? "'train'" : k == 1 ? "'test'" : "'w%s'".formatted("" + k))
            .toArray(String[]::new);

    assertThat(open(table(9, words), SPLIT, "data.train=images.parquet").describe().get(1))
        .endsWith(
            "; in no set: w2 (1 row), w3 (1 row), w4 (1 row), w5 (1 row), w6 (1 row) … and 2 more");
  }

  @Test
  void numberRecordsAlikeHoweverSparkSplitsTheFile() {
    Path data = directory.resolve("data");
    rows(40, "'train'", "'test'", "'train'")
        .write()
        .option("parquet.block.size", 1024)
        .parquet(data.resolve("images.parquet").toString());
    List<String> whole = rowsOf(open(data, SPLIT, "data.train=images.parquet").train());

    session().conf().set("spark.sql.files.maxPartitionBytes", "256");
    try {
      assertThat(rowsOf(open(data, SPLIT, "data.train=images.parquet").train())).isEqualTo(whole);
    } finally {
      session().conf().unset("spark.sql.files.maxPartitionBytes");
    }
    assertThat(whole).hasSize(27).startsWith("0:0", "1:2", "2:3").endsWith("26:39");
  }

  @Test
  void mayBeFolders() {
    Path data = directory.resolve("data");
    rows(6, "'train'", "'train'", "'test'").write().partitionBy("split").parquet(data.toString());

    DataSets sets = open(data, SPLIT);

    assertThat(rowsOf(sets.train())).containsExactly("0:0", "1:1", "2:3", "3:4");
    assertThat(sets.describe().get(1)).endsWith("(split: test); 2 classes: 2, 5");
    assertThat(rowsOf(sets.test())).containsExactly("0:2", "1:5");
  }

  @Test
  void mayBeMadeByAnExpression() {
    DataSets sets =
        open(
            table(4, "'a'"),
            "data.train=images.parquet",
            "data.table.split=\"if(k >= 3, 'test', 'train')\"");

    assertThat(rowsOf(sets.train())).containsExactly("0:0", "1:1", "2:2");
    assertThat(rowsOf(sets.test())).containsExactly("0:3");
  }

  @Test
  void mayBeOfATableOfTheCatalog() {
    Path data = table(4, "'train'", "'test'");
    session()
        .read()
        .parquet(data.resolve("images.parquet").toString())
        .createOrReplaceTempView("t");

    DataSets sets = open(directory, SPLIT, "data.table.format=catalog", "data.train=t");

    assertThat(rowsOf(sets.test())).containsExactly("0:1", "1:3");
    assertFails(
        ExitCode.USAGE,
        "Cannot use data.table.format = catalog: data.train must name a table, got nothing.",
        directory,
        SPLIT,
        "data.table.format=catalog");
  }

  @Test
  void leaveAShareOfTheirTrainingImagesForValidation() {
    Path data = table(20, "'train'", "'test'");

    DataSets sets = open(data, SPLIT, "data.train=images.parquet", "data.validation-fraction=0.2");

    assertThat(sets.train().images()).isEqualTo(8);
    assertThat(sets.validation().orElseThrow().images()).isEqualTo(2);
    assertThat(sets.test().images()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "split | 'a' | 66 | Cannot find images to train on in %s: column split (data.table.split) must have one of train, training, got a (4 rows).",
        "split | 'train' | 66 | Cannot find images to test on in %s: column split (data.table.split) must have one of test, testing, validation, valid, val, dev, got train (4 rows).",
        "k | 'train' | 64 | Cannot read %s: column k (data.table.split) must be a text such as train or test, got int. Make one of it by an expression, such as \"CASE WHEN k THEN 'test' ELSE 'train' END\".",
        "sets | 'train' | 64 | Cannot read %s: it has no column sets (data.table.split), its columns are k, image, label, split.",
      })
  void sayWhatIsMissing(String column, String word, int code, String message) {
    Path data = table(4, word);

    assertFails(
        code == 64 ? ExitCode.USAGE : ExitCode.MISSING_INPUT,
        message.formatted("file:" + data + "/images.parquet"),
        data,
        "data.table.split=" + column,
        "data.train=images.parquet");
  }

  @Test
  void refuseASecondWayToFindValidationImages() {
    Path data = table(6, "'train'", "'test'", "'val'");

    assertFails(
        ExitCode.USAGE,
        "Cannot use data.validation-fraction with file:%s/images.parquet: its column split (data.table.split) names validation images. Leave data.validation-fraction out."
            .formatted(data),
        data,
        SPLIT,
        "data.train=images.parquet",
        "data.validation-fraction=0.5");
  }

  @Test
  void areOfTablesOnly() throws IOException {
    Files.createDirectories(directory.resolve("photos/cat"));
    touch("photos/cat/1.png");

    assertFails(
        ExitCode.USAGE,
        "Cannot use data.table.split with data.format = folder: only tables have columns. Leave it out, or set data.format = table.",
        directory.resolve("photos"),
        SPLIT);
  }
}
