package dev.featuremap.job.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.images.source.SourceInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each format has its entry, its test, its comment and its row. */
class SourceFormatTest {
  private static final Path TOP = Path.of("..");

  @Test
  void hasOneEntryForEachFormat() {
    assertThat(SourceFormat.ALL.stream().map(SourceFormat::format))
        .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Format.AUTO)));
  }

  @Test
  void looksForFoldersLastSinceAnyDirectoryIsOne() {
    assertThat(SourceFormat.ALL.get(SourceFormat.ALL.size() - 1).format()).isEqualTo(Format.FOLDER);
  }

  @Test
  void holdsEachFormatToTheContract() {
    assertThat(
            SourceInputs.contracts().stream()
                .map(SourceContract::format)
                .collect(Collectors.toSet()))
        .isEqualTo(EnumSet.complementOf(EnumSet.of(Format.AUTO)));
  }

  @Test
  void namesEachFormatInTheCommentOfTheSetting() throws IOException {
    String line =
        Files.readAllLines(TOP.resolve("conf/train.conf")).stream()
            .filter(text -> text.strip().startsWith("format = auto"))
            .findFirst()
            .orElseThrow();
    List<String> named =
        Arrays.stream(line.substring(line.indexOf('#') + 1).split("\\|"))
            .map(choice -> choice.strip().split(" ", -1)[0])
            .toList();

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Format.values()).map(Format::text).toList());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void hasARowInATableOfThePages(Format format) throws IOException {
    try (Stream<Path> top = Files.list(TOP);
        Stream<Path> job = Files.list(Path.of(""))) {
      List<Path> pages =
          Stream.concat(top, job).filter(path -> path.toString().endsWith(".md")).toList();

      assertThat(pages)
          .anySatisfy(
              page -> assertThat(Files.readString(page)).contains("| `" + format.text() + "` |"));
    }
  }
}
