package dev.featuremap.job.images.source.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceMarks.Stored;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.testing.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of paths: what is missing, and what is not followed. */
class ListsTest extends SourceTrial {
  private static final String[] CSV = {"data.table.format=csv"};

  @Test
  void namesTheFilesThatCannotBeRead() throws IOException {
    Path data =
        data(
            "image,label",
            "0.png,a",
            "no.png,b",
            ",a",
            "folder,b",
            "0.png/x,a",
            "0.png",
            "50%41 é.png,7");
    Files.createDirectory(data.resolve("folder"));
    png(data.resolve("50%41 é.png"));

    ImageSource train = open(data, CSV).train();

    assertThat(train.labels().names()).containsExactly("7", "a", "b");
    assertThat(said(train))
        .containsExactly(
            "0 file:%s/0.png a image".formatted(data),
            "1 file:%s/no.png b it does not exist".formatted(data),
            "2 file://%s/train.csv a its image is null".formatted(data),
            "3 file:%s/folder b it is a directory".formatted(data),
            "4 file:%s/0.png/x a it cannot be read (Not a directory)".formatted(data),
            "5 file:%s/0.png null image".formatted(data),
            "6 file:%s/50%%41 é.png 7 image".formatted(data));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.png",
        "a/../../secret.png",
        "/etc/passwd",
        "file:///etc/passwd",
        "%s/../secret.png",
        "hdfs://host/x.png",
        "s3a://bucket/x.png",
        "https://host/x.png"
      })
  void refusesPathsThatLeadOut(String path) throws IOException {
    Path data = data("image,label", "0.png,a", path.replace("%s", "/tmp") + ",b");
    png(directory.resolve("secret.png"));

    assertFailsToRead(
        data,
        "Cannot use file:%s/train.csv: record 1 names %s, out of the images in file:%s. Mend it, or set data.table.images to a directory that holds all of them if you trust whoever wrote it."
            .formatted(data, path.replace("%s", "/tmp"), data));
  }

  @Test
  void repeatsNoCredentials() throws IOException {
    Path data = data("image,label", "s3a://key:secret@bucket/x.png,a");

    assertFailsToRead(
        data,
        "Cannot use file:%s/train.csv: record 0 names a URI with credentials, out of the images in file:%s. Mend it, or set data.table.images to a directory that holds all of them if you trust whoever wrote it."
            .formatted(data, data));
  }

  @Test
  void takesAbsolutePathsWithinTheDirectoryOfImages() throws IOException {
    Path data =
        data("image,label", directory + "/data/0.png,a", "file:" + directory + "/x/1.png,b");
    Files.createDirectory(directory.resolve("x"));
    png(directory.resolve("x/1.png"));

    assertThat(said(open(data, "data.table.format=csv", "data.table.images=" + directory).train()))
        .containsExactly(
            "0 file:%s/0.png a image".formatted(data),
            "1 file:%s/x/1.png b image".formatted(directory));
  }

  @Test
  void followsLinksThatLeadOutOnlyIfTheyAreTrusted() throws IOException {
    Path data = data("image,label", "0.png,a", "link.png,b", "inside.png,b", "dead.png,a");
    Path secret = directory.resolve("secret.png");
    png(secret);
    Files.createSymbolicLink(data.resolve("link.png"), secret);
    Files.createSymbolicLink(data.resolve("inside.png"), data.resolve("0.png"));
    Files.createSymbolicLink(data.resolve("dead.png"), data.resolve("no.png"));

    assertFailsToRead(
        data,
        "Cannot use file:%s/link.png: it is a link to %s, out of the data in file:%s. Remove it, or set data.follow-links = true if you trust whoever made it; checkouts of DVC and git-annex need that."
            .formatted(data, secret.toRealPath(), data));
    assertThat(said(open(data, "data.table.format=csv", "data.follow-links=true").train()))
        .containsExactly(
            "0 file:%s/0.png a image".formatted(data),
            "1 file:%s/link.png b image".formatted(data),
            "2 file:%s/inside.png b image".formatted(data),
            "3 file:%s/dead.png a it is a link to %s/no.png, which does not exist"
                .formatted(data, data));
  }

  @Test
  void numbersRowsByAColumnOfText() throws IOException {
    Path data = data("id,image,label", "1,0.png,a", "0,0.png,b");

    assertThat(said(open(data, "data.table.format=csv", "data.ids=explicit").train()))
        .containsExactly(
            "0 file:%s/0.png b image".formatted(data), "1 file:%s/0.png a image".formatted(data));
    Files.writeString(data.resolve("train.csv"), "id,image,label\none,0.png,a\n");
    assertFails(
        ExitCode.BAD_DATA,
        "Cannot number the records of file:%s/train.csv: with data.ids = explicit each id of 0 to 0 must come once, got id -1."
            .formatted(data),
        data,
        "data.table.format=csv",
        "data.ids=explicit");
  }

  @Test
  void readsColumnsByTheirNamesInEachFile() throws IOException {
    Path data = data("image,label", "0.png,a");
    Files.move(data.resolve("train.csv"), data.resolve("train_a.csv"));
    Files.writeString(data.resolve("train_b.csv"), "label,image\nb,0.png\n");

    Throwable thrown =
        catchThrowable(
            () -> said(open(data, "data.table.format=csv", "data.train=train_*.csv").train()));

    assertThat(thrown).hasStackTraceContaining("CSV header does not conform to the schema");
  }

  @Test
  void knowsItsImagesAgain() throws IOException {
    Path data = data("image,label", "0.png,a", "no.png,b");
    Stored before = open(data, CSV).train().marks(SPARK.context()).orElseThrow().stored();

    assertThat(open(data, CSV).train().marks(SPARK.context()).orElseThrow().changeSince(before))
        .isEmpty();
    png(data.resolve("no.png"));
    assertThat(open(data, CSV).train().marks(SPARK.context()).orElseThrow().changeSince(before))
        .contains("file:%s/no.png has another path, place or length".formatted(data));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "half | BAD_DATA | column half (data.table.label) must hold whole numbers, got 1.5 in %s. Mend it, or set data.table.label = \"string(half)\" to take numbers as names.",
        "a.b | USAGE | data.table.label = \"a.b\" is no column of it and no expression over its columns, which are image, half ([UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `a`.`b` cannot be resolved. Did you mean one of the following? [`half`, `image`]. SQLSTATE: 42703; line 1 pos 0;).",
        "array(half) | USAGE | column array(half) (data.table.label) must be an array of whole numbers or texts, got array<double>.",
      })
  void refusesLabelsThatAreNone(String label, ExitCode code, String message) {
    session()
        .sql("select cast('x' as binary) image, double(1) half union all select null, double(1.5)")
        .coalesce(1)
        .write()
        .parquet(directory.resolve("train.parquet").toString());
    String whole = directory + "/train.parquet";

    Throwable thrown =
        catchThrowable(
            () -> open(directory, "data.table.label=\"" + label + "\"").train().images());

    JobException failure = TaskFailure.find(thrown).orElseThrow();
    assertThat(failure.exitCode()).isEqualTo(code);
    assertThat(failure.getMessage().replaceAll("/part-[^ ]*parquet", ""))
        .isEqualTo(
            "Cannot read file:%s: ".formatted(whole) + message.replace("%s", "file:" + whole));
  }

  @ParameterizedTest
  @ValueSource(strings = {"explode(array(half))", "max(half)"})
  void refusesLabelsThatMakeOtherRows(String label) {
    session()
        .sql("select cast('x' as binary) image, double(1) half")
        .write()
        .parquet(directory.resolve("train.parquet").toString());

    Throwable thrown =
        catchThrowable(
            () -> open(directory, "data.table.label=\"" + label + "\"").train().images());

    assertThat(TaskFailure.find(thrown).orElseThrow())
        .hasMessageContaining(
            "data.table.label = \"%s\" is no column of it and no expression".formatted(label));
  }

  private void assertFailsToRead(Path data, String message) {
    Throwable thrown = catchThrowable(() -> said(open(data, CSV).train()));
    JobException failure = TaskFailure.find(thrown).orElseThrow();
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  /** A list of these lines, with the image {@code 0.png} beside it. */
  private Path data(String... lines) throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.writeString(data.resolve("train.csv"), String.join("\n", lines) + "\n");
    png(data.resolve("0.png"));
    return data;
  }

  private static void png(Path file) throws IOException {
    Files.write(file, Pictures.greyPng(new byte[4], 0, 2, 2));
  }

  /** Each record in the order of ids, and whether it is an image. */
  private static List<String> said(ImageSource source) {
    List<String> said = new ArrayList<>();
    source
        .read(SPARK.context(), IdFilter.ALL)
        .map(ListsTest::said)
        .sortBy(text -> text, true, 1)
        .collect()
        .forEach(said::add);
    return said;
  }

  private static String said(SourceRecord record) {
    String what = "image";
    try {
      record.content().pixels(new ImageDecoder(100));
    } catch (BadImageException e) {
      what = e.getMessage();
    }
    return "%s %s %s %s".formatted(record.id(), record.place(), record.label(), what);
  }
}
