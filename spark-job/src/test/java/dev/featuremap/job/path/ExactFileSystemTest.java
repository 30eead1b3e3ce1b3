package dev.featuremap.job.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.AsciiLocale;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Local files by whatever names they have, and patterns that search among them. */
class ExactFileSystemTest {
  private static final List<String> ODD =
      List.of("2024-01-01T10:00:00.png", "a[1]{2}*?\\.png", "a b#%41+é.png");

  @TempDir private Path directory;

  @Test
  void listsAndOpensEveryName() throws IOException {
    AsciiLocale.skipUnlessItCanName(ODD.toArray(String[]::new));
    for (String name : ODD) {
      Files.writeString(directory.resolve(name), name);
    }
    FileSystem files = files();

    FileStatus[] found = files.listStatus(PathText.parse(directory.toString()));

    assertThat(Stream.of(found).map(status -> status.getPath().getName()))
        .containsExactlyInAnyOrderElementsOf(ODD);
    for (FileStatus status : found) {
      try (InputStream in = files.open(status.getPath())) {
        assertThat(in.readAllBytes()).asString().isEqualTo(status.getPath().getName());
      }
      assertThat(status.getLen())
          .isEqualTo(status.getPath().getName().getBytes(StandardCharsets.UTF_8).length);
    }
  }

  @Test
  void saysThatAFileIsMissing() {
    assertThatThrownBy(() -> files().open(PathText.child(directory.toString(), "a:b")))
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> files().listStatus(PathText.child(directory.toString(), "a:b")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void listsLinksToNothing() throws IOException {
    Files.createSymbolicLink(directory.resolve("gone.png"), Path.of("nowhere"));
    Files.createSymbolicLink(directory.resolve("round"), Path.of("round"));

    assertThat(files().listStatus(PathText.parse(directory.toString())))
        .extracting(status -> status.getPath().getName(), FileStatus::isFile)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("gone.png", true),
            org.assertj.core.groups.Tuple.tuple("round", true));
  }

  @Test
  void refusesToOpenADevice() {
    assertThatThrownBy(() -> files().open(PathText.parse("/dev/zero")))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessage("Cannot read file:/dev/zero: it must be a file, got a pipe, socket or device.");
  }

  @ParameterizedTest
  @CsvSource({
    "train*, train:1 train[1] train1",
    "train[1], train[1]",
    "train\\[1], train[1]",
    "train?1, train:1",
    "'{train1,train:1}', train1 train:1",
    "no*, ''",
    "./train1, train1"
  })
  void findsWhatAPatternNames(String pattern, String expected) throws IOException {
    for (String name : List.of("train:1", "train[1]", "train1", "other:x")) {
      Files.createDirectories(directory.resolve(name));
    }

    List<String> found =
        PathPattern.of(pattern).in(PathText.parse(directory.toString()), files()).stream()
            .map(status -> status.getPath().getName())
            .toList();

    assertThat(found)
        .containsExactlyInAnyOrder(expected.isEmpty() ? new String[0] : expected.split(" ", -1));
  }

  @Test
  void findsBelowPatternsAndFromTheRoot() throws IOException {
    for (String name : List.of("a:1/x/train", "a:2/x/train", "b/x/train")) {
      Files.createDirectories(directory.resolve(name));
    }
    org.apache.hadoop.fs.Path root = PathText.parse("file:" + directory);

    assertThat(PathPattern.of("a*/x/tr*").in(root, files())).hasSize(2);
    assertThat(PathPattern.of(directory + "/a*/x").in(PathText.parse("file:/"), files()))
        .extracting(status -> status.getPath().toString())
        .containsExactly("file:" + directory + "/a:1/x", "file:" + directory + "/a:2/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a[b", "{a", ""})
  void refusesWhatIsNoPattern(String pattern) {
    assertThatThrownBy(() -> PathPattern.of(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  private static FileSystem files() throws IOException {
    return FileSystems.of(PathText.parse("file:///"), new Configuration(false));
  }
}
