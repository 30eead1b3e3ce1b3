package dev.featuremap.job.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.MnistFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which format is told from what lies there, and how one set becomes two. */
class DataSetsTest extends SourceTrial {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.format=cifar | Cannot find the binary files of CIFAR in file:%s: it lacks data_batch_1.bin and train.bin.",
        "data.format=idx | Cannot find IDX files in file:%s: it lacks train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte. Each is accepted with '.' instead of '-' before idx, plain or with .gz.",
      })
  void saysWhatItLookedFor(String setting, String message) throws IOException {
    touch("readme.txt");

    assertFails(ExitCode.MISSING_INPUT, message.formatted(directory), directory, setting);
  }

  @Test
  void saysWhatEveryFormatLooksLike() throws IOException {
    touch("readme.txt");
    List<String> looks =
        SourceFormat.ALL.stream().map(format -> format.looks().replace("%s", "parquet")).toList();
    String last = looks.get(looks.size() - 1);
    String others = String.join(", ", looks.subList(0, looks.size() - 1));

    assertThat(looks)
        .contains(
            "IDX files (train-images-idx3-ubyte and three more)",
            "CIFAR's binary files (data_batch_1.bin or train.bin)",
            "tar files train*.tar",
            "TFRecord files train*.tfrecord",
            "a table train*.parquet",
            "a folder train with a folder for each class");
    assertFails(
        ExitCode.MISSING_INPUT,
        "Cannot find images in file:%s: expected %s, or %s; got readme.txt. Set data.format, data.train and data.test, or data.test-fraction for one set."
            .formatted(directory, others, last),
        directory,
        "data.format=auto");
  }

  /** The formats whose sets lie wherever the settings say. */
  static Stream<String> formatsOfParts() {
    return SourceFormat.ALL.stream()
        .filter(SourceFormat.Parts.class::isInstance)
        .map(format -> format.format().text());
  }

  @ParameterizedTest
  @MethodSource("formatsOfParts")
  void saysThatThereIsNoTrainingSet(String format) throws IOException {
    touch("readme.txt");

    assertFails(
        ExitCode.MISSING_INPUT,
        "Cannot find images in file:%s: expected train*, got readme.txt. Set data.train, or data.test-fraction for one set."
            .formatted(directory),
        directory,
        "data.format=" + format);
  }

  @ParameterizedTest
  @MethodSource("formatsOfParts")
  void saysThatNothingMatchesWhatShallBeSplit(String format) throws IOException {
    touch("cat/1.png");

    assertFails(
        ExitCode.MISSING_INPUT,
        "Cannot find images in file:%s: expected typo, got cat/. Set data.train, or data.test-fraction for one set."
            .formatted(directory),
        directory,
        "data.format=" + format,
        "data.train=typo",
        "data.test-fraction=0.1");
  }

  @Test
  void describesBothSetsAndWhatIsInNone() throws IOException {
    for (String name :
        List.of(
            "train/cat/1.png",
            "train/dog/2.png",
            "train/cat/a.txt",
            "train_old/cow/1.png",
            "test/cat/1.png",
            "readme.md",
            "train.zip")) {
      touch(name);
    }

    assertThat(open(directory).describe())
        .containsExactly(
            "2 images in file:%s/train; 2 classes: cat, dog; passed over 1: cat/a.txt"
                .formatted(directory),
            "1 images in file:%s/test; 1 classes: cat; in no set: readme.md, train.zip, train_old/"
                .formatted(directory));
  }

  @Test
  void findsValidationImagesBesideTestImages() throws IOException {
    for (String name :
        List.of("train/cat/1.png", "train/dog/2.png", "validation/cat/1.png", "test/dog/1.png")) {
      touch(name);
    }

    assertThat(open(directory).describe())
        .containsExactly(
            "2 images in file:%s/train; 2 classes: cat, dog".formatted(directory),
            "1 images in file:%s/validation; 1 classes: cat".formatted(directory),
            "1 images in file:%s/test; 1 classes: dog".formatted(directory));
    assertThat(open(directory, "data.validation=none").describe())
        .containsExactly(
            "2 images in file:%s/train; 2 classes: cat, dog".formatted(directory),
            "1 images in file:%s/test; 1 classes: dog; in no set: validation/"
                .formatted(directory));
    assertThat(open(directory).withoutFoundValidation().validation()).isEmpty();
    assertThat(open(directory, "data.test=test").validation()).isEmpty();
    assertThat(open(directory, "data.validation=val*").validation()).isPresent();
  }

  @Test
  void testsOnValidationImagesWhereThereAreNoOthers() throws IOException {
    for (String name : List.of("train/cat/1.png", "train/dog/2.png", "val/cat/1.png")) {
      touch(name);
    }

    assertThat(open(directory).validation()).isEmpty();
    assertThat(open(directory).test()).hasToString("1 images in file:%s/val".formatted(directory));
  }

  /** As Hugging Face names the files of a data set, and as archives are named. */
  @Test
  void findsValidationFiles() throws IOException {
    DigitFiles digits = new DigitFiles(directory, 200, 100);
    digits.tar();
    Files.move(directory.resolve("train-0.tar"), directory.resolve("validation-0.tar"));

    DataSets sets = open(directory);

    assertThat(sets.train().images()).isEqualTo(100);
    assertThat(sets.validation().orElseThrow().images()).isEqualTo(100);
    assertThat(sets.test().images()).isEqualTo(100);
  }

  @Test
  void countsNothingOfASetThatIsDividedAsInNoSet() throws IOException {
    Path data = new DigitFiles(directory, 40, 10).folder().resolve("train");

    assertThat(open(data, "data.test-fraction=0.25").describe().get(1))
        .startsWith("10 of 40 images in file:" + data)
        .doesNotContain("in no set");
  }

  @Test
  void takesSharesForValidationAndTest() throws IOException {
    Path data = new DigitFiles(directory, 200, 10).folder();
    DataSets sets =
        open(
            data,
            "data.train=train",
            "data.test-fraction=0.25",
            "data.validation-fraction=0.1",
            "data.stratified=false");
    DataSets two = open(data, "data.train=train", "data.test-fraction=0.25");

    assertThat(placesOf(sets.test())).hasSize(50).isEqualTo(placesOf(two.test()));
    assertThat(placesOf(sets.validation().orElseThrow())).hasSize(20);
    Set<String> all = new TreeSet<>(placesOf(sets.test()));
    all.addAll(placesOf(sets.validation().orElseThrow()));
    all.addAll(placesOf(sets.train()));
    assertThat(all).hasSize(200);
    assertThat(sets.train().images()).isEqualTo(130);
  }

  @Test
  void takesItsPartOfEachClassForAStratifiedShare() throws IOException {
    for (int cat = 0; cat < 90; cat++) {
      touch("train/cat/%s.png".formatted(cat));
    }
    for (int dog = 0; dog < 10; dog++) {
      touch("train/dog/%s.png".formatted(dog));
    }
    DataSets sets =
        open(
            directory,
            "data.train=train",
            "data.test-fraction=0.2",
            "data.validation-fraction=0.1");

    assertThat(classes(sets.test())).isEqualTo(Map.of("cat", 18L, "dog", 2L));
    assertThat(classes(sets.validation().orElseThrow())).isEqualTo(Map.of("cat", 9L, "dog", 1L));
    assertThat(classes(sets.train())).isEqualTo(Map.of("cat", 63L, "dog", 7L));
    assertThat(sets.train().read(SPARK.context(), IdFilter.ALL).map(SourceRecord::id).collect())
        .hasSize(70)
        .doesNotHaveDuplicates()
        .allMatch(id -> id >= 0 && id < 70);
  }

  @Test
  void refusesAShareForValidationThatLeavesNothing() throws IOException {
    touch("train/cat/1.png");
    touch("train/dog/1.png");
    touch("test/dog/1.png");
    DataSets sets = open(directory, "data.validation-fraction=0.1");

    assertThatThrownBy(sets::train)
        .hasMessage(
            "Cannot split 2 images in file:%s/train: data.validation-fraction = 0.1 must leave at least 1 image on each side, got 0 of 2 for the validation."
                .formatted(directory));
  }

  @Test
  void refusesValidationFilesOfFilesThatNameTheirSets() {
    MnistFiles.firstDigits(directory, 30, 2, "");

    assertFails(
        ExitCode.USAGE,
        "Cannot use data.validation with data.format = idx: its files name the sets. Take a share of the training images by data.validation-fraction.",
        directory,
        "data.validation=val");
    assertThat(open(directory, "data.validation-fraction=0.2").validation().orElseThrow().images())
        .isEqualTo(6);
  }

  private static Set<String> placesOf(ImageSource source) {
    return new TreeSet<>(
        source.read(SPARK.context(), IdFilter.ALL).map(SourceRecord::place).collect());
  }

  private static Map<String, Long> classes(ImageSource source) {
    return source.read(SPARK.context(), IdFilter.ALL).map(SourceRecord::label).countByValue();
  }

  @Test
  void findsASetWithAColonInItsName() throws IOException {
    touch("a:b/cat/1.png");
    touch("c:d/cat/1.png");

    assertThat(open(directory, "data.train=a:b", "data.test=c:*").describe())
        .containsExactly(
            "1 images in file:%s/a:b; 1 classes: cat".formatted(directory),
            "1 images in file:%s/c:d; 1 classes: cat".formatted(directory));
  }

  @Test
  void describesManyClassesByTheFirst() throws IOException {
    for (int label = 0; label < 1_012; label++) {
      Files.createDirectories(directory.resolve("train/" + label));
    }
    touch("train/0/1.png");
    touch("val/0/1.png");

    assertThat(open(directory).describe().get(0))
        .isEqualTo(
            "1 images in file:%s/train; 1,012 classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 … and 1,002 more"
                .formatted(directory));
  }

  @Test
  void takesAllThatBeginsLikeTrainWhereNothingIsNamedSo() throws IOException {
    for (String name : List.of("train-a/cat/1.png", "train-b/dog/2.png", "test/cat/1.png")) {
      touch(name);
    }

    assertThat(open(directory).train().images()).isEqualTo(2);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.train=a[ | Cannot look for a[ in file:%s: expected a path or glob (Illegal file pattern: error parsing regexp: Unclosed character class at pos %d: `a[`).",
      })
  void saysThatAPatternIsNone(String setting, String message) throws IOException {
    touch("a/cat/1.png");

    // Hadoop's words have the digits of the JVM's locale.
    String expected = message.formatted(directory, 2);
    assertFails(ExitCode.USAGE, expected, directory, setting, "data.test-fraction=0.1");
  }
}
