package dev.featuremap.job.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.image.ImageFit;
import dev.featuremap.job.image.Resize;
import dev.featuremap.job.shard.ShardKryo;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Tuple2;

/** What each source finds, how it numbers, and what it says of wrong input. */
class SourcesTest {
  @RegisterExtension static final LocalSpark SPARK = new LocalSpark(2, ShardKryo.class);

  private static final int TRAIN = 230;
  private static final int TEST = 40;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"folder", "tar", "parquet"})
  void tellsTheFormatAndNumbersAsTheDataSay(String format) {
    DataSets sets = open(write(format), "data.ids=explicit");

    assertThat(sets.train().images()).isEqualTo(TRAIN);
    assertThat(sets.test().images()).isEqualTo(TEST);
    assertThat(sets.train().labels().names()).isEmpty();
    assertThat(labels(sets.train())).isEqualTo(labelsOfIdx(TRAIN));
  }

  @Test
  void numbersFilesOfAFolderInTheOrderOfPaths() throws IOException {
    for (String name : List.of("b/1.png", "a/x/2.png", "a/10.png", "a/.hidden", "a/_SUCCESS")) {
      touch("train/" + name);
    }

    assertThat(places(open(directory).train()))
        .containsExactly(
            "0 file:%s/train/a/10.png a".formatted(directory),
            "1 file:%s/train/a/x/2.png a".formatted(directory),
            "2 file:%s/train/b/1.png b".formatted(directory));
  }

  @Test
  void numbersRowsInTheOrderOfFilesWhateverTheSplits() {
    Path data = write("parquet");
    Map<Long, String> whole = labels(open(data).train());

    session().conf().set("spark.sql.files.maxPartitionBytes", "1000");
    Map<Long, String> cut = labels(open(data).train());
    session().conf().unset("spark.sql.files.maxPartitionBytes");

    assertThat(whole).hasSize(TRAIN);
    assertThat(cut).isEqualTo(whole);
  }

  @Test
  void numbersSamplesOfTarFilesInTheirOrder() {
    List<String> places = places(open(write("tar")).train());

    assertThat(places).hasSize(TRAIN);
    assertThat(places.get(229)).startsWith("229 file:%s/train-2.tar/229 ".formatted(directory));
  }

  @Test
  void splitsOneSetByItsIds() {
    Path data = write("folder");
    DataSets sets = open(data, "data.train=train", "data.test-fraction=0.25", "data.ids=explicit");

    Map<Long, String> train = labels(sets.train());
    Map<Long, String> test = labels(sets.test());
    assertThat(sets.test().images()).isEqualTo(58);
    assertThat(test.keySet()).hasSize(58).allMatch(id -> id < 58);
    assertThat(train.keySet()).hasSize(TRAIN - 58).allMatch(id -> id < TRAIN - 58);
    List<String> places = new ArrayList<>();
    sets.train()
        .read(SPARK.context(), IdFilter.ALL)
        .map(SourceRecord::place)
        .collect()
        .forEach(places::add);
    sets.test()
        .read(SPARK.context(), IdFilter.ALL)
        .map(SourceRecord::place)
        .collect()
        .forEach(places::add);
    assertThat(places).hasSize(TRAIN).doesNotHaveDuplicates();
    assertThat(sets.test()).hasToString("58 of 230 images in file:%s/train".formatted(data));
  }

  @Test
  void readsCifarTenWithItsNames() throws IOException {
    for (int batch = 1; batch <= 5; batch++) {
      cifar("data_batch_%d.bin".formatted(batch), 2, new byte[] {(byte) batch});
    }
    cifar("test_batch.bin", 1, new byte[] {0});
    Files.writeString(
        directory.resolve("batches.meta.txt"), "airplane\nautomobile\nbird\ncat\ndeer\ndog\n\n");

    DataSets sets = open(directory);

    assertThat(sets.train().labels().names()).startsWith("airplane", "automobile").hasSize(6);
    assertThat(labels(sets.train()))
        .hasSize(10)
        .containsEntry(0L, "automobile")
        .containsEntry(9L, "dog");
    assertThat(sets.train())
        .hasToString("10 images of [3, 32, 32] in file:%s".formatted(directory));
    assertThat(labels(sets.test())).containsExactly(Map.entry(0L, "airplane"));
  }

  @Test
  void saysThatAFileOfCifarIsMissingOrCutOff() throws IOException {
    cifar("train.bin", 1, new byte[2]);
    assertFails(
        ExitCode.MISSING_INPUT,
        "Cannot find the binary files of CIFAR in file:%s: it lacks test.bin.".formatted(directory),
        directory);

    Files.write(directory.resolve("test.bin"), new byte[4_000]);
    assertFails(
        ExitCode.BAD_DATA,
        "Cannot read file:%s/test.bin: a record has 3074 bytes, got 4000, which is no multiple of them. It is truncated: fetch it again."
            .formatted(directory),
        directory);
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
                .mapPartitions(reading)
                .flatMap(chunk -> Arrays.stream(chunk.bad()).map(BadRecord::toString).iterator())
                .map(bad -> bad.replaceAll("in .*: ", ""))
                .collect())
        .containsExactly("record 0 its image is null", "record 1 it has no label");
  }

  @Test
  void passesOverFilesThatAreTooLarge() throws IOException {
    Files.createDirectories(directory.resolve("train/cat"));
    Files.write(directory.resolve("train/cat/1.png"), new byte[2_000]);

    String content =
        open(directory, "data.max-bytes=1000")
            .train()
            .read(SPARK.context(), IdFilter.ALL)
            .map(record -> record.content().toString())
            .first();

    assertThat(content).contains("it has 2,000 bytes, data.max-bytes allows 1,000");
  }

  @Test
  void readsTheFineLabelsOfCifarHundred() throws IOException {
    Files.createDirectory(directory.resolve("cifar-100-binary"));
    cifar("cifar-100-binary/train.bin", 3, new byte[] {19, 71});
    cifar("cifar-100-binary/test.bin", 1, new byte[] {2, 5});

    assertThat(labels(open(directory).train()).values()).containsOnly("71");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.format=cifar | Cannot find the binary files of CIFAR in file:%s: it lacks data_batch_1.bin and train.bin.",
        "data.format=idx | Cannot find IDX files in file:%s: it lacks train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte. Each is accepted with '.' instead of '-' before idx, plain or with .gz.",
        "data.format=folder | Cannot find images in file:%s: expected train*, got readme.txt. Set data.train, or data.test-fraction for one set.",
        "data.format=webdataset | Cannot find images in file:%s: expected train*, got readme.txt. Set data.train, or data.test-fraction for one set.",
        "data.format=auto | Cannot find images in file:%s: expected IDX files (train-images-idx3-ubyte and three more), CIFAR's binary files (data_batch_1.bin or train.bin), tar files train*.tar, a table train*.parquet, or a folder train with a folder for each class; got readme.txt. Set data.format, data.train and data.test, or data.test-fraction for one set.",
      })
  void saysWhatItLookedFor(String setting, String message) throws IOException {
    touch("readme.txt");

    assertFails(ExitCode.MISSING_INPUT, message.formatted(directory), directory, setting);
  }

  @Test
  void saysThatAFolderHasNoClasses() throws IOException {
    touch("train/1.png");

    assertFails(
        ExitCode.MISSING_INPUT,
        "Cannot find images in file:%s/train: expected a folder for each class, got 1.png."
            .formatted(directory),
        directory,
        "data.format=folder");
  }

  @Test
  void saysThatFoldersAreEmpty() throws IOException {
    Files.createDirectories(directory.resolve("train/cat"));
    Files.createDirectories(directory.resolve("train/dog"));

    assertFails(
        ExitCode.MISSING_INPUT,
        "Cannot find images in file:%s/train: its 2 folders hold no file.".formatted(directory),
        directory);
  }

  @Test
  void saysThatABaseNameIsNoNumber() throws IOException {
    touch("train/cat/one.png");

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot number file:%s/train/cat/one.png: with data.ids = explicit the base name must be a number, got one."
            .formatted(directory),
        directory,
        "data.ids=explicit");
  }

  @Test
  void saysThatAnIdIsMissingOrComesTwice() throws IOException {
    touch("train/cat/0.png");
    touch("train/dog/2.png");
    assertFails(
        ExitCode.BAD_DATA,
        "Cannot number the records of 2 images in file:%s/train: with data.ids = explicit each id of 0 to 1 must come once, got id 2."
            .formatted(directory),
        directory,
        "data.ids=explicit");

    touch("train/cat/1.png");
    touch("train/dog/1.png");
    assertFails(
        ExitCode.BAD_DATA,
        "Cannot number the records of 4 images in file:%s/train: with data.ids = explicit each id of 0 to 3 must come once, got id 1 more than once."
            .formatted(directory),
        directory,
        "data.ids=explicit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.table.label=class | it has no column class (data.table.label), its columns are id, image, label.",
        "data.table.image=label | column label (data.table.image) must be binary or a struct with binary bytes, got bigint.",
        "data.table.label=image | column image (data.table.label) must be a whole number or a text, got struct<bytes:binary,path:string>.",
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

  @Test
  void refusesPartsOfFilesThatNameTheirSets() {
    MnistFiles.firstDigits(directory, 3, 2, "");

    assertFails(
        ExitCode.USAGE,
        "Cannot use data.train, data.test or data.test-fraction with data.format = idx: its files name the sets. Leave them out.",
        directory,
        "data.test-fraction=0.5");
  }

  @Test
  void refusesAFractionThatLeavesNothing() throws IOException {
    touch("cat/1.png");
    touch("dog/1.png");

    assertFails(
        ExitCode.USAGE,
        "Cannot split 2 images in file:%s: data.test-fraction = 0.1 must leave at least 1 image on each side, got 0 of 2 for the test."
            .formatted(directory),
        directory,
        "data.test-fraction=0.1");
  }

  @Test
  void countsSamplesThatLackAPart() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("train.tar"));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      DigitFiles.add(tar, "a/one.cls", "cat".getBytes(UTF_8));
      DigitFiles.add(tar, "a/two.jpg", new byte[5]);
      DigitFiles.add(tar, "a/two.json", new byte[7]);
      DigitFiles.add(tar, "b/two.cls", "dog".getBytes(UTF_8));
    }

    ImageSource train = open(directory).train();

    assertThat(train.labels().names()).containsExactly("cat", "dog");
    assertThat(places(train))
        .containsExactly(
            "0 file:%s/train.tar/a/one cat".formatted(directory),
            "1 file:%s/train.tar/a/two null".formatted(directory),
            "2 file:%s/train.tar/b/two dog".formatted(directory));
  }

  @Test
  void namesATarFileThatIsDamaged() throws IOException {
    Path data = write("tar");
    Path file = data.resolve("train-1.tar");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3_000));

    Throwable thrown = catchThrowable(() -> open(data).train());

    JobException failure = TaskFailure.find(thrown).orElseThrow();
    assertThat(failure)
        .hasMessageStartingWith(
            "Cannot read file:%s: its tar data are damaged or truncated (".formatted(file));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  private void assertFails(ExitCode code, String message, Path data, String... settings) {
    Throwable thrown = catchThrowable(() -> open(data, settings).train().images());
    JobException failure = TaskFailure.find(thrown).orElseThrow();
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(code);
  }

  private static DataSets open(Path data, String... settings) {
    List<String> assignments = new ArrayList<>(List.of(settings));
    assignments.add("data.path=" + data);
    DataSettings parsed =
        JobConfigLoader.of(new Configuration())
            .load(ConfigRequest.defaults().withAssignments(assignments.toArray(String[]::new)))
            .data();
    return DataSets.open(SPARK.context(), parsed);
  }

  private Path write(String format) {
    DigitFiles files = new DigitFiles(directory, TRAIN, TEST);
    return switch (format) {
      case "folder" -> files.folder();
      case "tar" -> files.tar();
      default -> files.parquet(session());
    };
  }

  private static SparkSession session() {
    return SparkSession.builder().config(SPARK.context().getConf()).getOrCreate();
  }

  private static Map<Long, String> labels(ImageSource source) {
    return new TreeMap<>(
        source
            .read(SPARK.context(), IdFilter.ALL)
            .mapToPair(record -> new Tuple2<>(record.id(), record.label()))
            .collectAsMap());
  }

  private static Map<Long, String> labelsOfIdx(int count) {
    Map<Long, String> labels = new TreeMap<>();
    DigitFiles.digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, count)
        .forEach(digit -> labels.put((long) digit.id(), "" + digit.label()));
    return labels;
  }

  private static List<String> places(ImageSource source) {
    return source
        .read(SPARK.context(), IdFilter.ALL)
        .mapToPair(record -> new Tuple2<>(record.id(), record.place() + " " + record.label()))
        .sortByKey()
        .map(record -> record._1() + " " + record._2())
        .collect();
  }

  private void cifar(String name, int records, byte[] labels) throws IOException {
    byte[] content = new byte[records * (labels.length + 3072)];
    for (int record = 0; record < records; record++) {
      System.arraycopy(labels, 0, content, record * (labels.length + 3072), labels.length);
    }
    Files.write(directory.resolve(name), content);
  }

  private void touch(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[] {1});
  }
}
