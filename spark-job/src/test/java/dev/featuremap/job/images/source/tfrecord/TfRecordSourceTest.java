package dev.featuremap.job.images.source.tfrecord;

import static dev.featuremap.job.images.source.SourceInputs.gzip;
import static dev.featuremap.job.images.source.SourceInputs.parser;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.fuzz.MemoryFiles;
import dev.featuremap.job.images.SourceContract;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.SourceInputs;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.ExampleRecords;
import dev.featuremap.job.testing.Pictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What TFRecord files hold, whole and damaged. */
class TfRecordSourceTest extends SourceContract {
  private static final TfFeatures FEATURES =
      new TfFeatures(new String[] {"image"}, new String[] {"label"}, null);

  private static final byte[] PNG = Pictures.greyPng(new byte[9], 0, 3, 3);

  @Override
  protected Format format() {
    return Format.TFRECORD;
  }

  @Override
  protected void write(Path target, int train, int test) {
    new DigitFiles(target, train, test).tfrecord();
  }

  @Override
  public List<InputParser> parsers() throws IOException {
    byte[] two = records(Map.of("image", PNG, "label", 7L), Map.of("label", "cat".getBytes(UTF_8)));
    return List.of(
        parser("tfrecord", List.of(two), bytes -> read(".tfrecord", bytes)),
        parser("tfrecord-gz", List.of(gzip(two)), bytes -> read(".tfrecord.gz", bytes)));
  }

  private static void read(String suffix, byte[] bytes) {
    var path = MemoryFiles.write("examples" + suffix, bytes);
    try (TfRecordFile records =
        new TfRecordFile(SourceInputs.MEMORY, path, FEATURES, 0, IdFilter.ALL, 4096)) {
      SourceInputs.drain(records);
    }
  }

  private static byte[] records(Map<?, ?>... examples) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Map<?, ?> example : examples) {
      @SuppressWarnings("unchecked")
      Map<String, ?> features = (Map<String, ?>) example;
      ExampleRecords.write(bytes, ExampleRecords.example(features));
    }
    return bytes.toByteArray();
  }

  @Test
  void saysWhatAnExampleLacks() throws IOException {
    Files.write(
        directory.resolve("train.tfrecord"),
        records(
            Map.of("image/encoded", PNG, "image/class/label", 3L),
            Map.of("image", PNG, "label", 2f),
            Map.of("image", PNG, "label", 2.5f),
            Map.of("image", 7L, "label", 1L),
            Map.of("other", 1L)));

    assertThat(said())
        .containsExactly(
            "0 3 image",
            "1 2 image",
            "2 null image",
            "3 1 the example has no bytes in a feature image or image/encoded or image_raw",
            "4 null the example has no bytes in a feature image or image/encoded or image_raw");
  }

  @Test
  void takesTheFeaturesThatSettingsName() throws IOException {
    Files.write(
        directory.resolve("train.tfrecord"),
        records(
            Map.of("image", new byte[1], "photo", PNG, "label", 1L, "kind", "é".getBytes(UTF_8))));

    assertThat(said("data.table.image=photo", "data.table.label=kind"))
        .containsExactly("0 é image");
  }

  @Test
  void leavesOutWhatIsTooLarge() throws IOException {
    Files.write(
        directory.resolve("train.tfrecord"),
        records(
            Map.of("image", new byte[2_000_000], "label", 1L), Map.of("image", PNG, "label", 2L)));

    assertThat(said("data.max-bytes=100"))
        .satisfiesExactly(
            text -> assertThat(text).startsWith("0 null it has 2,000,0").endsWith("allows 100"),
            text -> assertThat(text).isEqualTo("1 2 image"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | record 0 has a wrong checksum of its length",
        "30 | record 0 has a wrong checksum",
        "-10 | it ends in record 0",
        "-200 | it ends in record 0",
      })
  void refusesDamage(int place, String message) throws IOException {
    byte[] whole = records(Map.of("image", new byte[100], "label", 1L));
    byte[] damaged = place < 0 ? Arrays.copyOf(whole, Math.max(5, whole.length + place)) : whole;
    if (place > 0) {
      damaged[place] ^= 1;
    }
    Files.write(directory.resolve("train.tfrecord"), damaged);

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot read file:%s/train.tfrecord: its TFRecord data are damaged or truncated (%s)."
            .formatted(directory, message),
        directory);
  }

  @Test
  void refusesALargeRecordThatIsCutOff() throws IOException {
    byte[] whole = records(Map.of("image", new byte[2_000_000], "label", 1L));
    Files.write(directory.resolve("train.tfrecord"), Arrays.copyOf(whole, 1_000_000));

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot read file:%s/train.tfrecord: its TFRecord data are damaged or truncated (it ends in record 0)."
            .formatted(directory),
        directory,
        "data.max-bytes=100");
  }

  @Test
  void refusesWhatIsNoExample() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ExampleRecords.write(bytes, new byte[] {10, 100, 1});
    Files.write(directory.resolve("train.tfrecord"), bytes.toByteArray());

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot read file:%s/train.tfrecord: its TFRecord data are damaged or truncated (record 0 is no example)."
            .formatted(directory),
        directory);
  }

  private List<String> said(String... settings) {
    return open(directory, settings)
        .train()
        .read(SPARK.context(), IdFilter.ALL)
        .map(TfRecordSourceTest::said)
        .collect();
  }

  private static String said(SourceRecord record) {
    String what = "image";
    try {
      record.content().pixels(new ImageDecoder(100));
    } catch (BadImageException e) {
      what = e.getMessage();
    }
    return "%s %s %s".formatted(record.id(), record.label(), what);
  }
}
