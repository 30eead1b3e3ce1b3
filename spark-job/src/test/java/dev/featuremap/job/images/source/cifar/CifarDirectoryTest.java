package dev.featuremap.job.images.source.cifar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.SourceContract;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.DigitFiles.Digit;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the binary files of CIFAR give. */
class CifarDirectoryTest extends SourceContract {
  private static final int BATCHES = 5;

  @Override
  protected Format format() {
    return Format.CIFAR;
  }

  @Override
  protected void write(Path target, int train, int test) throws IOException {
    List<Digit> digits = DigitFiles.digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, train);
    int each = train / BATCHES;
    for (int batch = 0; batch < BATCHES; batch++) {
      Path file = target.resolve("data_batch_%s.bin".formatted(batch + 1));
      write(file, digits.subList(batch * each, (batch + 1) * each));
    }
    write(
        target.resolve("test_batch.bin"),
        DigitFiles.digits(MnistFiles.TEST_IMAGES, MnistFiles.TEST_LABELS, test));
  }

  private void write(Path file, List<Digit> digits) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Digit digit : digits) {
      bytes.write(digit.label());
      bytes.writeBytes(pixels(digit));
    }
    Files.write(file, bytes.toByteArray());
  }

  /** In three colours, in a corner of an image of 32 rows and columns. */
  @Override
  protected byte[] pixels(Digit digit) {
    byte[] pixels = new byte[shape().size()];
    for (int channel = 0; channel < 3; channel++) {
      for (int row = 0; row < 28; row++) {
        System.arraycopy(digit.pixels(), row * 28, pixels, (channel * 32 + row) * 32, 28);
      }
    }
    return pixels;
  }

  @Override
  protected Shape shape() {
    return new Shape(3, 32, 32);
  }

  @Override
  protected List<String> oneSet() {
    return List.of();
  }

  @Test
  void readsCifarTenWithItsNames() throws IOException {
    for (int batch = 1; batch <= 5; batch++) {
      cifar("data_batch_%s.bin".formatted(batch), 2, new byte[] {(byte) batch});
    }
    cifar("test_batch.bin", 1, new byte[] {0});
    Files.writeString(
        directory.resolve("batches.meta.txt"), "airplane\nautomobile\nbird\ncat\ndeer\ndog\n\n");

    DataSets sets = open(directory);

    assertThat(sets.train().labels().names()).startsWith("airplane", "automobile").hasSize(6);
    assertThat(labels(sets.train()))
        .hasSize(10)
        .containsEntry(0L, "automobile")
        .containsEntry(9L, "dog");
    assertThat(sets.train())
        .hasToString("10 images of [3, 32, 32] in file:%s".formatted(directory));
    assertThat(labels(sets.test())).containsExactly(Map.entry(0L, "airplane"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "crane,ant, crane ,mole|each must come once, got \"crane\" for class 0 and class 2, counted from 0. Give them names of their own there.",
        "crane,,mole|each line must name a class, got nothing in line 2. Give class 1 its name there."
      })
  void refusesNamesThatDoNotTellClassesApart(String names, String rule) throws IOException {
    cifar("train.bin", 1, new byte[2]);
    cifar("test.bin", 1, new byte[2]);
    Files.writeString(directory.resolve("fine_label_names.txt"), names.replace(',', '\n') + "\n\n");

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot use the class names of file:%s/fine_label_names.txt: %s".formatted(directory, rule),
        directory);
  }

  @Test
  void readsNoNamesFromAFileOfAnotherSize() throws IOException {
    for (int batch = 1; batch <= 5; batch++) {
      cifar("data_batch_" + batch + ".bin", 2, new byte[] {(byte) batch});
    }
    cifar("test_batch.bin", 1, new byte[] {0});
    Files.write(directory.resolve("batches.meta.txt"), new byte[(1 << 20) + 1]);

    assertFails(
        ExitCode.BAD_DATA,
        "Cannot read file:%s/batches.meta.txt: names of classes take at most 1048576 bytes, and it has more."
            .formatted(directory),
        directory);
  }

  @Test
  void saysThatAFileOfCifarIsMissingOrCutOff() throws IOException {
    cifar("train.bin", 1, new byte[2]);
    assertFails(
        ExitCode.MISSING_INPUT,
        "Cannot find the binary files of CIFAR in file:%s: it lacks test.bin.".formatted(directory),
        directory);

    Files.write(directory.resolve("test.bin"), new byte[4_000]);
    assertFails(
        ExitCode.BAD_DATA,
        "Cannot read file:%s/test.bin: a record has 3074 bytes, got 4000, which is no multiple of them. It is truncated: fetch it again."
            .formatted(directory),
        directory);
  }

  @Test
  void readsTheFineLabelsOfCifarHundred() throws IOException {
    Files.createDirectory(directory.resolve("cifar-100-binary"));
    cifar("cifar-100-binary/train.bin", 3, new byte[] {19, 71});
    cifar("cifar-100-binary/test.bin", 1, new byte[] {2, 5});

    assertThat(labels(open(directory).train()).values()).containsOnly("71");
  }

  private void cifar(String name, int records, byte[] labels) throws IOException {
    byte[] content = new byte[records * (labels.length + 3072)];
    for (int record = 0; record < records; record++) {
      System.arraycopy(labels, 0, content, record * (labels.length + 3072), labels.length);
    }
    Files.write(directory.resolve(name), content);
  }
}
