package dev.featuremap.job.images.source.tar;

import static dev.featuremap.job.images.source.SourceInputs.gzip;
import static dev.featuremap.job.images.source.SourceInputs.parser;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.fuzz.MemoryFiles;
import dev.featuremap.job.images.SourceContract;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceInputs;
import dev.featuremap.job.storage.FlakyFileSystem;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.Pictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** What tar files hold, whole and damaged. */
class TarSourceTest extends SourceContract {
  private static final int MOST_BYTES = 4096;

  @Override
  protected Format format() {
    return Format.WEBDATASET;
  }

  @Override
  protected void write(Path target, int train, int test) {
    new DigitFiles(target, train, test).tar();
  }

  @Override
  public List<InputParser> parsers() throws IOException {
    return List.of(
        parser("tar", List.of(tar("a", "b"), tar("x/y/0001")), bytes -> read(".tar", bytes)),
        parser("tar-gz", List.of(gzip(tar("a"))), bytes -> read(".tar.gz", bytes)));
  }

  private static void read(String suffix, byte[] bytes) {
    var path = MemoryFiles.write("samples" + suffix, bytes);
    try (TarSamples samples =
        new TarSamples(
            SourceInputs.MEMORY, path, (index, name) -> index, IdFilter.ALL, MOST_BYTES)) {
      SourceInputs.drain(samples);
    }
  }

  private static byte[] tar(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String name : names) {
        DigitFiles.add(tar, name + ".cls", "7".getBytes(UTF_8));
        DigitFiles.add(tar, name + ".png", Pictures.greyPng(new byte[9], 0, 3, 3));
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void numbersSamplesOfTarFilesInTheirOrder() {
    List<String> places = places(open(write("tar")).train());

    assertThat(places).hasSize(TRAIN);
    assertThat(places.get(229)).startsWith("229 file:%s/train-2.tar/229 ".formatted(directory));
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
  void passesOverHiddenNamesAndTakesThoseOfCameras() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("train.tar"));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (String name :
          List.of(
              "_DSC0001",
              "cat/.hidden",
              "cat/._0002",
              "__MACOSX/cat/._0002",
              "_SUCCESS",
              "_background/0002")) {
        DigitFiles.add(tar, name + ".png", new byte[] {1});
        DigitFiles.add(tar, name + ".cls", "cat".getBytes(UTF_8));
      }
    }

    assertThat(places(open(directory).train()))
        .containsExactly(
            "0 file:%s/train.tar/_DSC0001 cat".formatted(directory),
            "1 file:%s/train.tar/_SUCCESS cat".formatted(directory),
            "2 file:%s/train.tar/_background/0002 cat".formatted(directory));
  }

  @Test
  void tellsTheImageOfASampleFromItsMask() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("train.tar"));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      DigitFiles.add(tar, "one.jpg", new byte[] {1});
      DigitFiles.add(tar, "one.seg.png", new byte[] {2});
      DigitFiles.add(tar, "one.cls", "cat".getBytes(UTF_8));
      DigitFiles.add(tar, "two.jpg", new byte[] {1});
      DigitFiles.add(tar, "two.png", new byte[] {2});
    }

    assertThat(
            open(directory)
                .train()
                .read(SPARK.context(), IdFilter.ALL)
                .map(record -> text(record.content()))
                .collect())
        .containsExactly("[1]", "the sample has several images");
  }

  @Test
  void namesWhatASampleHasInPlaceOfAnImage() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("train.tar"));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      DigitFiles.add(tar, "one.cls", "cat".getBytes(UTF_8));
      DigitFiles.add(tar, "one.avif", new byte[] {1});
      DigitFiles.add(tar, "one.json", new byte[] {1});
      DigitFiles.add(tar, "two.cls", "cat".getBytes(UTF_8));
    }

    assertThat(
            open(directory)
                .train()
                .read(SPARK.context(), IdFilter.ALL)
                .map(record -> text(record.content()))
                .collect())
        .containsExactly(
            "the sample has no image that is read (png, jpg, gif, bmp, webp, ppm, tif), but avif, json",
            "the sample has no image");
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  @Test
  void readsAllMembersOfAnArchiveThatAStoreGivesBitByBit() throws IOException {
    byte[] whole = tar("a", "b", "c");
    byte[] half = Arrays.copyOf(whole, 2_000);
    byte[] rest = Arrays.copyOfRange(whole, 2_000, whole.length);
    List<String> places = new ArrayList<>();
    var path =
        MemoryFiles.write("members.tar.gz", join(SourceInputs.gzip(half), SourceInputs.gzip(rest)));
    try (TarSamples samples =
        new TarSamples(
            SourceInputs.MEMORY, path, (index, name) -> index, IdFilter.ALL, MOST_BYTES)) {
      samples.forEachRemaining(sample -> places.add(sample.place()));
    }

    assertThat(places).containsExactly(path + "/a", path + "/b", path + "/c");
  }

  private static String text(ImageContent content) {
    return content instanceof ImageContent.Encoded image
        ? Arrays.toString(image.bytes())
        : ((ImageContent.Unusable) content).reason();
  }

  @Test
  void saysThatTheStoreFailedAndNotTheArchive() throws IOException {
    Path data = write("tar");
    Path file = data.resolve("train-1.tar");
    Configuration flaky = FlakyFileSystem.configuration();
    FlakyFileSystem.shared().breakReadsAt(3_000);

    Throwable thrown =
        catchThrowable(
            () ->
                new TarSamples(
                        flaky,
                        new org.apache.hadoop.fs.Path("flaky:" + file),
                        (index, name) -> index,
                        IdFilter.ALL,
                        1 << 20)
                    .forEachRemaining(record -> {}));

    assertThat(thrown)
        .isInstanceOf(JobException.class)
        .hasMessage("Cannot read flaky:%s: java.io.IOException: Connection reset.".formatted(file));
    assertThat(((JobException) thrown).exitCode()).isEqualTo(ExitCode.STORAGE_FAILED);
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
}
