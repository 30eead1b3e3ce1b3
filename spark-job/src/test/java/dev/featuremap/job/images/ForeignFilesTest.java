package dev.featuremap.job.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Resize;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Tuple2;

/** The same six images from files that other libraries wrote, as {@code make_foreign.py} says. */
class ForeignFilesTest extends SourceTrial {
  private static final Path FOREIGN =
      Path.of("src/test/resources/dev/featuremap/job/images/foreign");

  private static final int[] CLASSES = {0, 1, 0, 0, 1, 1};

  @BeforeEach
  void copyImages() throws IOException {
    Path images = FOREIGN.resolve("images");
    try (Stream<Path> files = Files.walk(images)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve("images").resolve(images.relativize(file)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kaggle.csv     | cat dog | csv  | data.table.image=image_id data.table.images=%s/images data.table.extension=.png",
        "list.tsv       | cat dog | tsv  | data.table.image=path",
        "list.csv.gz    | cat dog | csv  |",
        "list.jsonl     | cat dog | jsonl | data.table.label=annotation.label",
        "list.jsonl     | cat dog | json | data.table.label=annotation.label",
        "paths.parquet  | cat dog | parquet |",
        "paths.parquet  |         | parquet | data.table.label=number",
        "paths.parquet  | false true | parquet | data.table.label=tame",
        "paths.parquet  | 1000000000000 1000000000001 | parquet | data.table.label=large",
        "paths.parquet  |         | parquet | data.table.label=CASE_WHEN_half>1_THEN_1_ELSE_0_END",
        "paths.parquet  | cats dogs | parquet | data.table.label=concat(label,'s')",
        "paths.orc      | cat dog | orc |",
        "some_bytes.parquet | cat dog | parquet |",
        "image_struct.parquet | cat dog | parquet |",
      })
  void readsTables(String file, String names, String format, String settings) throws IOException {
    Files.copy(
        FOREIGN.resolve(file), directory.resolve("train" + file.substring(file.indexOf('.'))));

    List<String> all = new ArrayList<>(List.of("data.table.format=" + format));
    for (String setting : settings == null ? new String[0] : settings.split(" ", -1)) {
      String[] keyed = setting.replace("%s", directory.toString()).split("=", 2);
      boolean quoted = keyed[0].equals("data.table.label");
      all.add(keyed[0] + "=" + (quoted ? '"' + keyed[1].replace('_', ' ') + '"' : keyed[1]));
    }
    assertHoldsTheImages(open(directory, all.toArray(String[]::new)).train(), names);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "samples_cls.tar     | train.tar     |         | data.tar-label=cls",
        "samples_txt.tar     | train.tar     | cat dog | data.tar-label=txt",
        "samples_txt.tar.zst | train.tar.zst | cat dog | data.tar-label=txt",
        "samples_json.tar    | train.tar     | cat dog | data.tar-label=json",
        "by_folder.tar       | train.tar     | cat dog | data.tar-label=folder",
        "imagenet.tfrecord-00000-of-00001 | train.tfrecord-00000-of-00001 | cat dog | data.table.label=image/class/text",
        "imagenet.tfrecord-00000-of-00001 | train-00000-of-00001 | cat dog | data.table.label=image/class/text",
        "imagenet.tfrecord.gz | train.tfrecord.gz | cat dog | data.table.label=image/class/text",
        "tfds.tfrecord        | train.tfrecord    |         | data.format=tfrecord",
      })
  void readsArchivesAndRecords(String file, String name, String names, String setting)
      throws IOException {
    Files.copy(FOREIGN.resolve(file), directory.resolve(name));

    assertHoldsTheImages(open(directory, setting).train(), names);
  }

  @ParameterizedTest
  @ValueSource(strings = {"emnist", "qmnist"})
  void readsIdxFilesOfOtherSets(String set) throws IOException {
    DataSets sets = open(FOREIGN.resolve(set).toAbsolutePath());

    assertThat(sets.train().images()).isEqualTo(6);
    assertThat(sets.test().images()).isEqualTo(4);
    if (set.equals("qmnist")) {
      assertHoldsTheImages(sets.train(), null);
      assertHoldsTheImages(sets.test(), null);
      return;
    }
    // Letters are numbered from 1.
    assertThat(labels(sets.train()).values()).containsExactly("1", "2", "1", "1", "2", "2");
    assertThat(images(sets.test(), new ImageReading(fit(), LabelIndex.numbers(), 3, 100)))
        .containsExactlyElementsOf(expected(4, 1));
  }

  @ParameterizedTest
  @CsvSource({"split.csv,csv,data.table.image=path", "split.parquet,parquet,data.table.id=id"})
  void readsTablesThatNameTheirSets(String file, String format, String more) throws IOException {
    Files.copy(FOREIGN.resolve(file), directory.resolve(file));

    DataSets sets =
        open(
            directory,
            "data.train=" + file,
            "data.table.format=" + format,
            "data.table.split=split",
            more);

    assertHoldImages(sets.train(), 0, 1, 3, 5);
    assertHoldImages(sets.validation().orElseThrow(), 2);
    assertHoldImages(sets.test(), 4);
  }

  @Test
  void readsFoldersOfHive() {
    assertHoldImages(
        open(FOREIGN.toAbsolutePath(), "data.train=hive_label", "data.test=hive_label").train(),
        0,
        2,
        3,
        1,
        4,
        5);

    DataSets sets = open(FOREIGN.resolve("hive_split").toAbsolutePath(), "data.table.split=split");

    assertHoldImages(sets.train(), 0, 3, 1, 5);
    assertHoldImages(sets.validation().orElseThrow(), 2);
    assertHoldImages(sets.test(), 4);
  }

  @ParameterizedTest
  @CsvSource({"delta,a Delta,_delta_log", "iceberg,an Iceberg,metadata"})
  void refusesToReadDeletedRows(String kind, String named, String metadata) {
    Path table = FOREIGN.toAbsolutePath().resolve(kind);

    assertFails(
        ExitCode.USAGE,
        "Cannot read file:%s as parquet: it is %s table, and %s says which of its files count. Set data.table.format = %s and give Spark its package, or export a snapshot once with Spark: spark.read.format(\"%4$s\").load(\"file:%1$s\").write.parquet(\"…\")."
            .formatted(table, named, metadata, kind),
        table,
        "data.table.split=split");
  }

  /** Some of the images in this order, with labels that are names of their classes. */
  private static void assertHoldImages(ImageSource source, int... images) {
    List<String> all = expected(CLASSES.length, 0);
    boolean dogs = !source.labels().names().contains("cat");
    assertThat(images(source, new ImageReading(fit(), source.labels(), 2, 100)))
        .containsExactlyElementsOf(
            Arrays.stream(images)
                .mapToObj(all::get)
                .map(image -> dogs ? "0" + image.substring(1) : image)
                .toList());
  }

  private static ImageFit fit() {
    return new ImageFit(new Shape(1, 4, 4), Resize.NONE);
  }

  /** In the order of ids: the pixels of the script, and classes by these names. */
  private static void assertHoldsTheImages(ImageSource source, String names) {
    LabelIndex labels = source.labels();
    assertThat(labels.names()).isEqualTo(names == null ? List.of() : List.of(names.split(" ", -1)));
    assertThat(images(source, new ImageReading(fit(), labels, 2, 100)))
        .containsExactlyElementsOf(expected((int) source.images(), 0));
  }

  private static List<String> images(ImageSource source, ImageReading reading) {
    return source
        .read(SPARK.context(), IdFilter.ALL)
        .mapToPair(record -> new Tuple2<>(record.id(), image(record, reading)))
        .sortByKey()
        .values()
        .collect();
  }

  private static List<String> expected(int images, int firstClass) {
    List<String> expected = new ArrayList<>();
    for (int k = 0; k < images; k++) {
      byte[] pixels = new byte[16];
      for (int place = 0; place < 16; place++) {
        pixels[place] = (byte) (40 * k + 3 * (place / 4) + place % 4);
      }
      expected.add(CLASSES[k] + firstClass + " " + Arrays.toString(pixels));
    }
    return expected;
  }

  private static String image(SourceRecord record, ImageReading reading) throws BadImageException {
    byte[] pixels = reading.pixels(record.id(), record.place(), record.content());
    return reading.classOf(record) + " " + Arrays.toString(pixels);
  }
}
