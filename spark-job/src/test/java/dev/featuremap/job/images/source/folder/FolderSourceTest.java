package dev.featuremap.job.images.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.SourceContract;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.testing.DigitFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a folder of images is, and what is said of a wrong one. */
class FolderSourceTest extends SourceContract {
  @Override
  protected Format format() {
    return Format.FOLDER;
  }

  @Override
  protected void write(Path target, int train, int test) {
    new DigitFiles(target, train, test).folder();
  }

  @Test
  void numbersFilesOfAFolderInTheOrderOfPaths() throws IOException {
    for (String name :
        List.of("b/1.png", "a/x/2.png", "a/10.png", "a/.hidden", "a/_SUCCESS", "a/.old/3.png")) {
      touch("train/" + name);
    }

    assertThat(places(open(directory).train()))
        .containsExactly(
            "0 file:%s/train/a/10.png a".formatted(directory),
            "1 file:%s/train/a/x/2.png a".formatted(directory),
            "2 file:%s/train/b/1.png b".formatted(directory));
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
}
