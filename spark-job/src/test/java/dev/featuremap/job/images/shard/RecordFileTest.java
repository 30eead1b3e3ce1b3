package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.image.Pixels;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
  @TempDir private Path directory;
  private RecordFile file;

  @BeforeEach
  void create() {
    file = RecordFile.create(directory.resolve("records"));
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  @Test
  void readsWhatWasWrittenInAnyOrder() {
    file.write(7, new ShardRecord(1L << 40, 3, "ä.png", encoded("seven")));
    file.write(0, new ShardRecord(5, 0, "b", plain("pixels")));

    assertThat(file.read(7))
        .usingRecursiveComparison()
        .isEqualTo(new ShardRecord(1L << 40, 3, "ä.png", encoded("seven")));
    assertThat(file.read(0))
        .usingRecursiveComparison()
        .isEqualTo(new ShardRecord(5, 0, "b", plain("pixels")));
    assertThat(file.bytes()).isEqualTo("ä.pngsevenbpixels".getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void movesARecord() {
    file.write(7, new ShardRecord(1, 2, "a", encoded("seven")));

    file.move(7, 3);

    assertThat(file.read(3).content().bytes()).isEqualTo(bytes("seven"));
  }

  @Test
  void leavesNothingBehindEvenWhileItIsOpen() {
    file.write(0, new ShardRecord(1, 2, "a", encoded("zero")));

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void saysWhereItCannotWrite() {
    Path nowhere = directory.resolve("nowhere");

    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> RecordFile.create(nowhere.resolve("records")));

    assertThat(failure)
        .hasMessage(
            "Cannot keep encoded images in %s: %s. Make room there, or set spark.local.dir to a larger disk.",
            nowhere, nowhere.resolve("records"));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED);
  }

  private static ImageContent encoded(String text) {
    return new ImageContent.Encoded(bytes(text));
  }

  private static ImageContent plain(String text) {
    return new ImageContent.Plain(new Pixels(new Shape(1, 2, text.length() / 2), bytes(text)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
