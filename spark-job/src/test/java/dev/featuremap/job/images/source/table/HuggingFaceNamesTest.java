package dev.featuremap.job.images.source.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.testing.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;

/** The names that the note of {@code datasets} gives to the numbers of a label column. */
class HuggingFaceNamesTest extends SourceTrial {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message rows { required binary image; required int64 label; }");

  @Test
  void nameTheNumbersOfLabels() throws IOException {
    write(List.of("crane", "ant", "mole"));

    assertThat(labels(open(directory).train()))
        .isEqualTo(Map.of(0L, "crane", 1L, "ant", 2L, "mole"));
  }

  @Test
  void mustNotComeTwice() throws IOException {
    write(List.of("crane", "crane", "mole"));

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot use the class names of file:%s/train.parquet: each must come once, got \"crane\" for class 0 and class 1, counted from 0. Give them names of their own there."
            .formatted(directory),
        directory);
  }

  /** A row for each class. */
  private void write(List<String> names) throws IOException {
    Path file = directory.resolve("train.parquet");
    try (ParquetWriter<org.apache.parquet.example.data.Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(SCHEMA)
            .withExtraMetaData(Map.of(HuggingFace.KEY, HuggingFace.note(names)))
            .build()) {
      byte[] image = Pictures.greyPng(new byte[784], 0, 28, 28);
      for (long label = 0; label < names.size(); label++) {
        writer.write(
            new SimpleGroup(SCHEMA)
                .append("image", Binary.fromConstantByteArray(image))
                .append("label", label));
      }
    }
  }
}
