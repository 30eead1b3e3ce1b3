package dev.featuremap.job.commands.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PackJobTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  private static final int TRAIN = 25;
  private static final int TEST = 7;

  @TempDir private Path directory;
  private Path data;
  private Path packed;
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void writeDigits() {
    data = new DigitFiles(directory.resolve("data"), TRAIN, TEST).folder();
    packed = directory.resolve("packed");
  }

  @Test
  void writesEveryImageOnceWithItsBytes() throws IOException {
    pack();

    assertThat(visible())
        .containsExactly(
            "_SUCCESS",
            "_pack.json",
            "test-00000-of-00001.parquet",
            "train-00000-of-00003.parquet",
            "train-00001-of-00003.parquet",
            "train-00002-of-00003.parquet");
    List<Long> order = new ArrayList<>();
    for (int file = 0; file < 3; file++) {
      for (Group row : rows("train-0000%s-of-00003.parquet".formatted(file))) {
        long id = row.getLong("id", 0);
        order.add(id);
        DigitFiles.Digit digit = digits().get((int) id);
        Group image = row.getGroup("image", 0);
        assertThat(image.getBinary("bytes", 0).getBytes()).isEqualTo(digit.image());
        assertThat(image.getString("path", 0)).isEqualTo(id + ".png");
        assertThat(row.getLong("label", 0)).isEqualTo(digit.label());
      }
    }
    assertThat(order)
        .hasSize(TRAIN)
        .doesNotHaveDuplicates()
        .isNotEqualTo(order.stream().sorted().toList());
    assertThat(said.toString())
        .contains("train: 25 images in 3 files", "test: 7 images in 1 files", "complete in");
    assertThat(Files.readString(packed.resolve("_SUCCESS")))
        .contains("\"train-00000-of-00003.parquet\":10", "\"test-00000-of-00001.parquet\":7");
  }

  @Test
  void writesWhatCanBeReadBelowAnyName() throws IOException {
    packed = directory.resolve("out/pack plain#%41");
    pack();
    data = packed;
    packed = directory.resolve("again");

    pack("data.ids=explicit");

    assertThat(rows("test-00000-of-00001.parquet")).hasSize(TEST);
  }

  @Test
  void packsValidationImagesToo() throws IOException {
    Files.move(
        new DigitFiles(directory.resolve("more"), 2, 5).folder().resolve("test"),
        data.resolve("val"));

    pack();

    assertThat(rows("validation-00000-of-00001.parquet")).hasSize(5);
    assertThat(said.toString()).contains("validation: 5 images in 1 files");
    assertThat(Files.readString(packed.resolve("_pack.json")))
        .contains("\"validation\":\"5 images in file:");
  }

  @Test
  void tellsHuggingFaceTheNamesOfLabels() throws IOException {
    Files.move(data.resolve("train/0"), data.resolve("train/zero"));
    Files.move(data.resolve("test/0"), data.resolve("test/zero"));

    pack("data.ids=order");

    assertThat(note("train-00000-of-00003.parquet"))
        .isEqualTo(
            "{\"info\":{\"features\":{\"image\":{\"_type\":\"Image\"},\"label\":{\"names\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"zero\"],\"_type\":\"ClassLabel\"},\"id\":{\"dtype\":\"int64\",\"_type\":\"Value\"}}}}");
  }

  @Test
  void goesOnWithTheFilesThatAreMissing() throws IOException {
    pack();
    SortedMap<String, String> whole = new RunFolder(packed).snapshot();
    Files.delete(packed.resolve("_SUCCESS"));
    Files.delete(packed.resolve("train-00001-of-00003.parquet"));
    Files.createDirectory(packed.resolve("_unfinished"));
    Files.writeString(packed.resolve("_unfinished/train-00001-of-00003.parquet.7"), "half");

    pack();

    SortedMap<String, String> again = new RunFolder(packed).snapshot();
    assertThat(again.keySet()).isEqualTo(whole.keySet());
    again.forEach(
        (name, content) -> {
          String before = whole.get(name);
          if (name.contains("train-00001") || name.contains("_SUCCESS")) {
            assertThat(contentOf(content)).as(name).isEqualTo(contentOf(before));
          } else {
            assertThat(content).as(name).isEqualTo(before);
          }
        });
  }

  /** Without the time of writing. */
  private static String contentOf(String snapshot) {
    return snapshot.substring(snapshot.indexOf('\n'));
  }

  @Test
  void leavesACompleteDirectoryAlone() {
    pack();
    SortedMap<String, String> whole = new RunFolder(packed).snapshot();

    pack();

    assertThat(new RunFolder(packed).snapshot()).isEqualTo(whole);
    assertThat(said.toString()).contains("is complete; nothing was written");
  }

  @Test
  void refusesADirectoryOfOtherImages() throws IOException {
    pack();
    data = new DigitFiles(directory.resolve("other"), TRAIN, TEST).folder();

    JobException failure = catchThrowableOfType(JobException.class, this::pack);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessageStartingWith(
            "Cannot pack into %s: it was begun with other images or other settings, expected {\"train\":\"25 images in file:%s/train\""
                .formatted(packed, data))
        .hasMessageEndingWith("Give another directory.");
  }

  @Test
  void refusesToGoOnWhenAnImageHasAnotherName() throws IOException {
    pack("data.ids=order");
    interrupt();
    Files.move(data.resolve("train/5/0.png"), data.resolve("train/5/99.png"));

    assertThat(refused("data.ids=order"))
        .hasMessageStartingWith(
            "Cannot go on to pack into %s: the training images must be the ones it was begun with, as _pack.json tells: file:%s/train/5/"
                .formatted(packed, data))
        .hasMessageEndingWith(
            ".png has another path, place or length, and others too. Restore them with their times, or give another directory.");
    Files.move(data.resolve("train/5/99.png"), data.resolve("train/5/0.png"));
    pack("data.ids=order");
    assertThat(packed.resolve("_SUCCESS")).exists();
  }

  @Test
  void refusesToGoOnWhenAnImageWasReplaced() throws IOException {
    pack();
    interrupt();
    Path replaced = data.resolve("test/7/0.png");
    FileTime before = Files.getLastModifiedTime(replaced);
    byte[] bytes = Files.readAllBytes(replaced);
    Files.write(replaced, bytes);
    Files.setLastModifiedTime(replaced, FileTime.fromMillis(before.toMillis() + 1_000));

    assertThat(refused())
        .hasMessageContaining(
            "the test images must be the ones it was begun with, as _pack.json tells: file:%s was written again. Restore"
                .formatted(replaced));
    Files.setLastModifiedTime(replaced, before);
    Files.write(replaced, new byte[bytes.length + 1]);
    Files.setLastModifiedTime(replaced, before);
    assertThat(refused())
        .hasMessageContaining("%s has another path, place or length.".formatted(replaced));
  }

  @Test
  void refusesToCallADirectoryOfImagesThatHaveChangedComplete() throws IOException {
    pack();
    Files.setLastModifiedTime(data.resolve("test/7/0.png"), FileTime.fromMillis(1_000));

    assertThat(refused()).hasMessageContaining("was written again");
  }

  @Test
  void refusesToGoOnWithAnotherColumn() {
    pack();

    JobException failure =
        catchThrowableOfType(JobException.class, () -> pack("data.table.image=thumbnail"));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure).hasMessageContaining("\"image-column\":\"thumbnail\"");
  }

  @Test
  void goesOnWithWhatAnEarlierVersionHasBegunAndSaysWhatIsNotChecked() throws IOException {
    pack();
    interrupt();
    Path claim = packed.resolve("_pack.json");
    String text = Files.readString(claim);
    Files.writeString(claim, text.substring(0, text.indexOf(",\"image-column")) + "}\n");

    pack();

    assertThat(said.toString())
        .contains(
            "warning: an earlier version began %s and did not store which images it read; whether they are the same is not checked"
                .formatted(packed));
    assertThat(packed.resolve("_SUCCESS")).exists();
  }

  @Test
  void claimsAgainWhatAKillLeftOfItsClaim() throws IOException {
    pack();
    Path claim = packed.resolve("_pack.json");
    String text = Files.readString(claim);
    for (String name : visible()) {
      Files.delete(packed.resolve(name));
    }
    Files.writeString(claim, text.substring(0, text.indexOf("times") + 20));
    Files.setLastModifiedTime(data.resolve("test/7/0.png"), FileTime.fromMillis(1_000));

    pack();

    assertThat(Files.readString(claim)).isNotEqualTo(text).hasSameSizeAs(text);
  }

  private void interrupt() throws IOException {
    Files.delete(packed.resolve("_SUCCESS"));
    Files.delete(packed.resolve("train-00001-of-00003.parquet"));
  }

  private JobException refused(String... settings) {
    JobException failure = catchThrowableOfType(JobException.class, () -> pack(settings));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(packed.resolve("train-00001-of-00003.parquet.crc")).doesNotExist();
    return failure;
  }

  @Test
  void refusesADirectoryThatHoldsSomethingElse() throws IOException {
    Files.createDirectory(packed);
    Files.writeString(packed.resolve("letters.txt"), "dear");

    assertThat(catchThrowableOfType(JobException.class, this::pack))
        .hasMessage(
            "Cannot pack into %s: it must be empty or hold an earlier start of the same, got letters.txt. Give another directory."
                .formatted(packed));
  }

  @Test
  void refusesATestLabelThatNoTrainingImageHas() throws IOException {
    Files.move(data.resolve("test/7"), data.resolve("test/strange"));

    JobException failure = catchThrowableOfType(JobException.class, this::pack);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessage(
            "Cannot pack file:%s/test/strange/0.png: label strange of record 0 is none of the training set's."
                .formatted(data));
  }

  @Test
  void checksHeadsWhereImagesStayAsTheyAre() throws IOException {
    Files.write(data.resolve("train/5/0.png"), new byte[0]);
    Files.writeString(data.resolve("test/7/0.png"), "<xml>secret</xml>");
    Files.writeString(data.resolve("train/5/Thumbs.db"), "thumbs");

    assertThat(catchThrowableOfType(JobException.class, this::pack))
        .hasMessage(
            "Cannot finish packing into %s: data.max-bad-records allows 0 unusable, got 2:%n  record 0 in 0.png: it is empty\n  record 0 in 0.png: it begins like no PNG, JPEG, GIF, BMP, WebP, PNM or TIFF file%nMend or remove them and pack into another directory, or allow more."
                .formatted(packed));

    pack("data.max-bad-records=2");
    assertThat(packed.resolve("_SUCCESS")).exists();
    assertThat(said.toString()).contains("passed over 1: 5/Thumbs.db");
    assertThat(
            rows("test-00000-of-00001.parquet").stream()
                .filter(row -> row.getGroup("image", 0).getFieldRepetitionCount("bytes") == 0))
        .hasSize(1);
  }

  @Test
  void leavesOutTheBytesOfBadRecordsAndCountsThem() throws IOException {
    Files.write(data.resolve("train/5/0.png"), new byte[0]);

    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> pack(Optional.of(new PackRequest.Size(8, 8))));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessage(
            "Cannot finish packing into %s: data.max-bad-records allows 0 unusable, got 1:%n  record 0 in 0.png: it is empty%nMend or remove them and pack into another directory, or allow more."
                .formatted(packed));

    pack(Optional.of(new PackRequest.Size(8, 8)), "data.max-bad-records=1");
    assertThat(packed.resolve("_SUCCESS")).exists();
  }

  private void pack(String... settings) {
    pack(Optional.empty(), settings);
  }

  private void pack(Optional<PackRequest.Size> size, String... settings) {
    List<String> assignments = new ArrayList<>(List.of("data.path=" + data, "data.ids=explicit"));
    assignments.addAll(List.of(settings));
    ConfigRequest request = new ConfigRequest(Optional.empty(), assignments, Map.of());
    new PackJob(new Configuration(), new PrintWriter(said))
        .run(
            new PackRequest(
                JobConfigLoader.of(new Configuration()).load(request).data(),
                new org.apache.hadoop.fs.Path(packed.toString()),
                10,
                1,
                size));
  }

  private List<String> visible() {
    return new RunFolder(packed).names(".").stream().filter(name -> !name.startsWith(".")).toList();
  }

  private static List<DigitFiles.Digit> digits() {
    return DigitFiles.digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, TRAIN);
  }

  private String note(String name) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path(name), new Configuration()))) {
      return reader.getFooter().getFileMetaData().getKeyValueMetaData().get("huggingface");
    }
  }

  private List<Group> rows(String name) throws IOException {
    List<Group> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path(name)).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(packed.resolve(name).toString());
  }
}
