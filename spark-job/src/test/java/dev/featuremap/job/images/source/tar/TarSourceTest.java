package dev.featuremap.job.images.source.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.Content;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.storage.FlakyFileSystem;
import dev.featuremap.job.testing.DigitFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** What tar files hold, whole and damaged. */
class TarSourceTest extends SourceTrial {
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

  private static String text(Content content) {
    return content instanceof Content.Encoded image
        ? Arrays.toString(image.bytes())
        : ((Content.Unusable) content).reason();
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
