package dev.featuremap.job.images.source.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.testing.AsciiLocale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files of a folder are images, whatever their names and whatever links lead to them. */
class FolderNamesTest extends SourceTrial {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "set[1]",
        "{a,b}",
        "a*?",
        "a\\b",
        "10:00",
        "50%41",
        "a#b c+d",
        "ünï",
        "_background",
        "a&b=c"
      })
  void readsADirectoryOfAnyName(String name) throws IOException {
    AsciiLocale.skipUnlessItCanName(name);
    touch(name + "/train/" + name + "/2024-01-01T10:00:00.png");
    touch(name + "/train/" + name + "/" + name + ".png");
    touch(name + "/beside:x/1.png");
    touch("set1/train/a/1.png");

    ImageSource train = open(directory.resolve(name)).train();

    assertThat(train.labels().names()).containsExactly(name);
    assertThat(places(train))
        .extracting(place -> place.substring(2))
        .containsExactlyInAnyOrder(
            "file:%s/%s/train/%2$s/2024-01-01T10:00:00.png %2$s".formatted(directory, name),
            "file:%s/%s/train/%2$s/%2$s.png %2$s".formatted(directory, name));
    assertThat(contents(train)).containsOnly("[1]");
  }

  @Test
  void hidesMarksAndDotsAlone() throws IOException {
    for (String name :
        List.of(
            "_background/_DSC0001.png",
            "_background/_x/1.png",
            "cat/_SUCCESS",
            "cat/.x.png",
            "cat/_temporary/0/1.png",
            "cat/_committed_123",
            "cat/1.png",
            "__MACOSX/cat/._1.png")) {
      touch("train/" + name);
    }

    ImageSource train = open(directory).train();

    assertThat(train.labels().names()).containsExactly("_background", "cat");
    assertThat(train.images()).isEqualTo(3);
    assertThat(train.passedOver().count()).isZero();
  }

  @Test
  void countsWhatIsNoImage() throws IOException {
    for (String name :
        List.of(
            "cat/Thumbs.db",
            "cat/notes.TXT",
            "cat/a.xml",
            "dog/b.json",
            "dog/c.csv",
            "dog/desktop.ini",
            "dog/1.png",
            "dog/noextension",
            "dog/x.webp",
            "stray.png")) {
      touch("train/" + name);
    }

    ImageSource train = open(directory).train();

    assertThat(train.images()).isEqualTo(3);
    assertThat(train.passedOver().count()).isEqualTo(7);
    assertThat(train.passedOver())
        .hasToString("cat/Thumbs.db, cat/a.xml, cat/notes.TXT, dog/b.json, dog/c.csv … and 2 more");
  }

  @Test
  void takesLinksToNothingForBadRecords() throws IOException {
    touch("train/cat/1.png");
    link("train/cat/2.png", "../../.git/annex/objects/x.png");

    ImageSource train = open(directory).train();

    assertThat(train.images()).isEqualTo(2);
    assertThat(contents(train))
        .contains("it is a link to ../../.git/annex/objects/x.png, which does not exist");
  }

  @Test
  void refusesAClassThatIsALinkToNothing() throws IOException {
    touch("train/cat/1.png");
    link("train/dog", "nowhere");

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot use file:%s/train/dog: it is a link to nowhere, which does not exist."
            .formatted(directory),
        directory);
  }

  @ParameterizedTest
  @CsvSource({
    "train/cat/loop, .", "train/cat/loop, ..", "train/cat/loop, ../..", "train/cat/loop, ../dog",
    "train/cat/loop, x", "train/alias, cat", "train/alias, dog/.", "train/alias, cat/x"
  })
  void visitsEachDirectoryOnce(String link, String target) throws IOException {
    for (String name : List.of("cat/1.png", "cat/x/2.png", "dog/3.png")) {
      touch("train/" + name);
    }
    link(link, target);

    ImageSource train = open(directory).train();

    assertThat(train.images()).isEqualTo(3);
    assertThat(train.labels().names()).containsExactly("cat", "dog");
    assertThat(train.passedOver().count()).isEqualTo(1);
    assertThat(train.passedOver().toString()).contains(" (a link to ", ", which is read already)");
  }

  @Test
  void visitsADirectoryBesideTheClassesOnce() throws IOException {
    touch("shared/x/1.png");
    touch("train/cat/2.png");
    link("train/cat/a", "../../shared/x");
    link("train/cat/b", "../../shared");
    link("shared/x/round", "..");

    assertThat(open(directory).train().images()).isEqualTo(2);
  }

  @Test
  void endsWhereTheRootIsALinkAndLoops() throws IOException {
    touch("real/train/cat/1.png");
    link("real/train/cat/again", "../../../real");
    link("data", "real");

    assertThat(open(directory.resolve("data")).train().images()).isEqualTo(1);
    assertThat(
            DataSets.unlabelled(SPARK.context(), settings(directory.resolve("data")), List.of())
                .images())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"train/cat/zz.png", "train/cat/more", "train/dog", "train"})
  void refusesLinksThatLeadOutUnlessTheyAreTrusted(String name) throws IOException {
    touch("else/dog/1.png");
    touch("data/train/cat/1.png");
    Path data = directory.resolve("data");
    if (name.equals("train")) {
      Files.move(data.resolve("train"), directory.resolve("moved"));
      link("data/train", "../moved");
    } else {
      Path target = directory.resolve(name.endsWith("png") ? "else/dog/1.png" : "else/dog");
      Files.createSymbolicLink(data.resolve(name), target);
    }

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot use file:%s/%s: it is a link to %s, out of the data in file:%1$s. Remove it, or set data.follow-links = true if you trust whoever made it; checkouts of DVC and git-annex need that."
            .formatted(data, name, data.resolve(name).toRealPath()),
        data);
    assertThat(open(data, "data.follow-links=true").train().images())
        .isEqualTo(name.equals("train") ? 1 : 2);
  }

  @Test
  void readsLinksWithinTheData() throws IOException {
    touch("store/1.png");
    Files.createDirectories(directory.resolve("train/cat"));
    link("train/cat/1.png", "../../store/1.png");

    assertThat(contents(open(directory, "data.train=tr*").train())).containsExactly("[1]");
  }

  @Test
  void refusesWhatIsNoFile() throws IOException, InterruptedException {
    touch("train/cat/1.png");
    Path pipe = directory.resolve("train/cat/pipe.png");
    assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot use file:%s: it must be a file, got a pipe, socket or device. Remove it."
            .formatted(pipe),
        directory);

    Files.delete(pipe);
    Files.createSymbolicLink(pipe, Path.of("/dev/zero"));
    assertFails(
        ExitCode.BAD_DATA,
        "Cannot use file:%s: it must be a file, got a pipe, socket or device. Remove it."
            .formatted(pipe),
        directory,
        "data.follow-links=true");
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(directory.resolve(name), Path.of(target));
  }

  /** The bytes of each image, or why there are none. */
  private static List<String> contents(ImageSource source) {
    return source
        .read(SPARK.context(), IdFilter.ALL)
        .map(
            record ->
                record.content() instanceof dev.featuremap.job.images.source.ImageContent.Unusable u
                    ? u.reason()
                    : java.util.Arrays.toString(record.content().bytes()))
        .collect();
  }
}
