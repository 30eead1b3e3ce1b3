package dev.featuremap.job.images.source.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.testing.DigitFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of a table that is none, or another one, is named with one line. */
class DamagedTableTest extends SourceTrial {
  private Path data;
  private Path part;

  @BeforeEach
  void write() throws IOException {
    data = Files.createDirectory(directory.resolve("a b#c%41"));
    new DigitFiles(data, 20, 10).parquet(session());
    try (Stream<Path> files = Files.list(data.resolve("train.parquet"))) {
      part = files.filter(file -> file.toString().endsWith(".parquet")).max(Path::compareTo).get();
    }
  }

  private void damage(byte[] content) throws IOException {
    Files.delete(part.resolveSibling("." + part.getFileName() + ".crc"));
    Files.write(part, content);
  }

  private JobException failure(String... settings) {
    return catchThrowableOfType(
        JobException.class,
        () ->
            SparkJob.describe(SPARK.context(), "read", () -> labels(open(data, settings).train())));
  }

  private void assertSays(String message, String... settings) {
    JobException failure = failure(settings);
    assertThat(failure).hasMessage(message.formatted(part));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  @Test
  void readsIntegerLabelsBelowAnyName() {
    assertThat(labels(open(data).train())).hasSize(20).containsValues("5", "0", "4");
    assertThat(places(open(data).train()).get(0)).contains("/a b#c%41/train.parquet/part-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data.ids=order", "data.ids=explicit"})
  void namesAFileWithoutAByte(String setting) throws IOException {
    damage(new byte[0]);

    assertSays(
        "Cannot read file:%s: it is empty, and a file of the format parquet never is. Write it again, or take it away.",
        setting);
  }

  @Test
  void namesATruncatedFile() throws IOException {
    byte[] content = Files.readAllBytes(part);
    damage(Arrays.copyOf(content, content.length / 2));

    JobException failure = failure();
    assertThat(failure)
        .hasMessageStartingWith(
            "Cannot read file:%s: it is damaged, or of another format (".formatted(part))
        .hasMessageEndingWith("). Write it again, or take it away.");
    assertThat(failure.getMessage().lines()).hasSize(1);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  @Test
  void namesAFileOfAnotherFormat() throws IOException {
    damage("a text, and no table at all".getBytes(StandardCharsets.UTF_8));

    assertSays(
        "Cannot read file:%s: it is damaged, or of another format (it is not a Parquet file. Expected magic number at tail, but found [32, 97, 108, 108]). Write it again, or take it away.");
  }

  @Test
  void namesTheFirstFileOfATableThatIsNone() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("train.parquet"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".parquet")).toList()) {
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        Files.writeString(file, "a text, and no table at all");
      }
    }

    JobException failure = failure();
    assertThat(failure.getMessage())
        .startsWith("Cannot read file:%s/train.parquet/part-".formatted(data))
        .contains(".parquet: it is damaged, or of another format (it is not a Parquet file.");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  @Test
  void namesAFileWithADamagedPage() throws IOException {
    byte[] content = Files.readAllBytes(part);
    Arrays.fill(content, 100, 400, (byte) 77);
    damage(content);

    assertThat(failure())
        .hasMessageStartingWith("Cannot read file:%s: it is damaged".formatted(part));
    assertThat(failure("data.ids=explicit").exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  @Test
  void namesTheChecksumThatIsOlderThanItsFile() throws IOException {
    byte[] content = Files.readAllBytes(part);
    content[50] ^= 1;
    Files.write(part, content);

    JobException failure = failure();
    assertThat(failure.getMessage())
        .startsWith(
            "Cannot read file:%s: its checksum tells that its bytes have changed (Checksum error: "
                .formatted(part))
        .endsWith(
            ". If the file is right, delete file:%s, which holds its older checksum; else fetch the file again."
                .formatted(part.resolveSibling("." + part.getFileName() + ".crc")));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  @Test
  void namesAColumnOfTwoTypes() throws IOException {
    write("binary label (STRING)", CompressionCodecName.UNCOMPRESSED);

    assertSays(
        "Cannot read file:%s: its column [label] is BINARY, and that of the other files is bigint. Write all files with one type, or give them apart.");
  }

  @Test
  void namesACodecThatIsNotThere() throws IOException {
    write("int64 label", CompressionCodecName.BROTLI);

    assertSays(
        "Cannot read file:%s: Spark has no codec brotli (org.apache.hadoop.io.compress.BrotliCodec). Write the file with another one, such as zstd or snappy, or give Spark the codec's jar.");
  }

  /** Adds a part of one row. */
  private void write(String label, CompressionCodecName codec) throws IOException {
    part = data.resolve("train.parquet/zz.parquet");
    MessageType type =
        MessageTypeParser.parseMessageType(
            "message row { optional int32 id; optional group image { optional binary bytes; optional binary path (STRING); } required %s; }"
                .formatted(label));
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(part.toUri()))
            .withType(type)
            .withConf(new Configuration())
            .withCompressionCodec(codec)
            .withCodecFactory(new AsItIs())
            .build()) {
      Group row = new SimpleGroupFactory(type).newGroup();
      row.addGroup("image").append("bytes", "x");
      writer.write(
          label.startsWith("int64") ? row.append("label", 3L) : row.append("label", "cat"));
    }
  }

  /** Gives its output the name of any codec. */
  private static final class AsItIs implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      return new BytesInputCompressor() {
        @Override
        public BytesInput compress(BytesInput bytes) {
          return bytes;
        }

        @Override
        public CompressionCodecName getCodecName() {
          return codec;
        }

        @Override
        public void release() {}
      };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release() {}
  }
}
