package dev.featuremap.job.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Resize;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceMarks.Stored;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.DigitFiles.Digit;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;

/**
 * What every format keeps to. The test of a format extends it, writes the digits in that format and
 * adds what is the format's own.
 */
public abstract class SourceContract extends SourceTrial {
  private static final String PARALLELISM = "spark.default.parallelism";
  private static final String MOST_BYTES_OF_A_PIECE = "spark.sql.files.maxPartitionBytes";

  /** The format as settings name it. */
  protected abstract Format format();

  /** Writes the first digits of both sets, so that their ids are those of the real files. */
  protected abstract void write(Path target, int train, int test) throws IOException;

  /** The image that the format holds of a digit, {@code [channel, row, column]}. */
  protected byte[] pixels(Digit digit) {
    return digit.pixels();
  }

  /** The shape of such images. */
  protected Shape shape() {
    return new Shape(1, 28, 28);
  }

  /** Where the test set lies for the commands that take one set; nothing where names say it. */
  protected List<String> oneSet() {
    return List.of("data.test=test*");
  }

  /** The parsers of ours that read such files, for damaged ones; none if Spark has the parser. */
  public List<InputParser> parsers() throws IOException {
    return List.of();
  }

  @Test
  void isToldFromWhatLiesThere() throws IOException {
    Path data = written();

    assertThat(
            FormatLookup.of(
                    DataFolder.of(SPARK.context().hadoopConfiguration(), settings(data).path()),
                    settings(data))
                .format())
        .isEqualTo(format());
    assertThat(open(data).train()).hasToString(named(data).train().toString());
  }

  @Test
  void givesEachImageOnceWithItsLabel() throws IOException {
    DataSets sets = named(written());

    assertThat(sets.train().images()).isEqualTo(TRAIN);
    assertThat(images(sets.train()))
        .isEqualTo(digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, TRAIN));
    assertThat(sets.test().images()).isEqualTo(TEST);
    assertThat(images(sets.test()))
        .isEqualTo(digits(MnistFiles.TEST_IMAGES, MnistFiles.TEST_LABELS, TEST));
    assertThat(sets.train().labels().names()).isEmpty();
  }

  @Test
  void givesTheWantedImagesAlone() throws IOException {
    ImageSource train = named(written()).train();

    List<String> expected =
        digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, TRAIN).stream()
            .filter(image -> Integer.parseInt(image.split(" ", -1)[0]) % 3 == 0)
            .toList();
    assertThat(images(train, id -> id % 3 == 0)).isEqualTo(expected);
    assertThat(images(train, id -> false)).isEmpty();
  }

  @Test
  void numbersImagesAlikeHoweverSparkCuts() throws IOException {
    Path data = written();
    List<String> inOne = cut(data, "1", "128m");
    List<String> inMany = cut(data, "7", "1000");

    assertThat(inOne).hasSize(TRAIN);
    assertThat(inMany).isEqualTo(inOne);
    assertThat(inOne.get(TRAIN - 1)).startsWith("%s ".formatted(TRAIN - 1));
  }

  @Test
  void isReadAgainAfterATaskHasFailed() throws IOException {
    ImageSource train = named(written()).train();
    JavaRDD<SourceRecord> read = train.read(SPARK.context(), IdFilter.ALL);

    assertThatThrownBy(() -> read.foreach(SourceContract::failInTheMiddle))
        .hasMessageContaining("the task is lost");

    assertThat(images(read))
        .isEqualTo(digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, TRAIN));
  }

  @Test
  void givesImagesWithoutLabelsToo() throws IOException {
    Path data = written();
    List<String> settings = new ArrayList<>(oneSet());
    settings.add("data.ids=explicit");

    ImageSource images =
        DataSets.unlabelled(
            SPARK.context(), settings(data, settings.toArray(String[]::new)), List.of());

    assertThat(images.images()).isEqualTo(TEST);
    assertThat(ids(images)).isEqualTo(ids(named(data).test()));
  }

  @Test
  void saysHowManyImagesLieWhere() throws IOException {
    Path data = written();

    assertThat(named(data).train().toString())
        .startsWith("%s images ".formatted(TRAIN))
        .contains(" in file:" + data);
  }

  @Test
  void isKnownByItsFilesHoweverSparkCuts() throws IOException {
    Path data = written();
    Stored marks = marks(data);

    assertThat(marks(data)).isEqualTo(marks);
    SPARK.context().sc().conf().set(PARALLELISM, "7");
    session().conf().set(MOST_BYTES_OF_A_PIECE, "1000");
    try {
      assertThat(marks(data)).isEqualTo(marks);
    } finally {
      SPARK.context().sc().conf().remove(PARALLELISM);
      session().conf().unset(MOST_BYTES_OF_A_PIECE);
    }
  }

  @Test
  void tellsThatAFileWasWrittenAgain() throws IOException {
    Path data = written();
    Stored marks = marks(data);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
      }
    }

    assertThat(named(data).train().marks(SPARK.context()).orElseThrow().changeSince(marks))
        .hasValueSatisfying(change -> assertThat(change).contains(" was written again"));
  }

  @Test
  void readsALinkThatLeadsOutOnlyIfItIsTrusted() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    write(data, TRAIN, TEST);
    Path link = firstTrainingFile(data);
    Path target = Files.move(link, directory.resolve("elsewhere"));
    Files.createSymbolicLink(link, target);

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot use file:%s: it is a link to %s, out of the data in file:%s. Remove it, or set data.follow-links = true if you trust whoever made it; checkouts of DVC and git-annex need that."
            .formatted(link, target.toRealPath(), data),
        data);
    assertThat(open(data, "data.follow-links=true").train().images()).isEqualTo(TRAIN);
  }

  /** By name. */
  private static Path firstTrainingFile(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !DataFolder.isHidden(file.getFileName().toString()))
          .filter(file -> !data.relativize(file).toString().matches("(test|t10k).*"))
          .min(Path::compareTo)
          .orElseThrow();
    }
  }

  private Stored marks(Path data) {
    return named(data).train().marks(SPARK.context()).orElseThrow().stored();
  }

  private Path written() throws IOException {
    write(directory, TRAIN, TEST);
    return directory;
  }

  /** As settings name it, with the ids that the data bring. */
  private DataSets named(Path data) {
    return open(data, "data.format=" + format().text(), "data.ids=explicit");
  }

  private static void failInTheMiddle(SourceRecord record) {
    if (record.id() == TRAIN / 2) {
      throw new IllegalStateException("the task is lost");
    }
  }

  /** Images in the order of their ids as they are numbered, with their places. */
  private List<String> cut(Path data, String parallelism, String bytes) {
    SparkConf conf = SPARK.context().sc().conf();
    conf.set(PARALLELISM, parallelism);
    session().conf().set(MOST_BYTES_OF_A_PIECE, bytes);
    try {
      ImageSource train = open(data).train();
      List<String> places = places(train);
      List<String> images = images(train);
      List<String> both = new ArrayList<>();
      for (int k = 0; k < images.size(); k++) {
        both.add(places.get(k) + " " + images.get(k));
      }
      return both;
    } finally {
      conf.remove(PARALLELISM);
      session().conf().unset(MOST_BYTES_OF_A_PIECE);
    }
  }

  private static List<Long> ids(ImageSource source) {
    return source
        .read(SPARK.context(), IdFilter.ALL)
        .map(SourceRecord::id)
        .sortBy(id -> id, true, 1)
        .collect();
  }

  private List<String> images(ImageSource source) {
    return images(source, IdFilter.ALL);
  }

  private List<String> images(ImageSource source, IdFilter wanted) {
    return images(source.read(SPARK.context(), wanted));
  }

  /** Id, class and pixels of each, in the order of ids. */
  private List<String> images(JavaRDD<SourceRecord> read) {
    ImageReading reading =
        new ImageReading(new ImageFit(shape(), Resize.NONE), LabelIndex.numbers(), 10, 1 << 20);
    TreeMap<Long, List<String>> byId = new TreeMap<>();
    read.map(record -> image(record, reading))
        .collect()
        .forEach(
            image ->
                byId.computeIfAbsent(
                        Long.parseLong(image.substring(0, image.indexOf(' '))),
                        id -> new ArrayList<>())
                    .add(image));
    return byId.values().stream().flatMap(List::stream).toList();
  }

  private static String image(SourceRecord record, ImageReading reading) throws BadImageException {
    byte[] pixels = reading.pixels(record.id(), record.place(), record.content());
    return record.id() + " " + reading.classOf(record) + " " + Arrays.hashCode(pixels);
  }

  private List<String> digits(String images, String labels, int count) {
    return DigitFiles.digits(images, labels, count).stream()
        .map(digit -> digit.id() + " " + digit.label() + " " + Arrays.hashCode(pixels(digit)))
        .toList();
  }
}
