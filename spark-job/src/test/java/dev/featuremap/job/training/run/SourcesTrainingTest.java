package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.commands.evaluate.EvaluationJob;
import dev.featuremap.job.commands.evaluate.EvaluationRequest;
import dev.featuremap.job.commands.pack.PackJob;
import dev.featuremap.job.commands.pack.PackRequest;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.Pictures;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The same images give the same model, whatever holds them; labels and bad records on the way. */
class SourcesTrainingTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path shared;
  private static String expected;

  @TempDir private Path directory;

  @BeforeAll
  static void trainOnIdx() throws IOException {
    Path idx = SmallRun.digits(Files.createDirectory(shared.resolve("idx")));
    expected = SmallRun.of(idx, shared.resolve("runs")).train().parametersSha256();
  }

  @Test
  void aFolderGivesTheModelOfIdx() {
    assertThat(run(digits().folder()).with("data.ids", "explicit").train().parametersSha256())
        .isEqualTo(expected);
  }

  @Test
  void tarFilesGiveTheModelOfIdx() {
    assertThat(run(digits().tar()).with("data.ids", "explicit").train().parametersSha256())
        .isEqualTo(expected);
  }

  @Test
  void aListGivesTheModelOfIdx() {
    SmallRun run =
        run(digits().list()).with("data.ids", "explicit").with("data.table.format", "csv");

    assertThat(run.train().parametersSha256()).isEqualTo(expected);
  }

  @Test
  void tfRecordsGiveTheModelOfIdx() {
    assertThat(run(digits().tfrecord()).with("data.ids", "explicit").train().parametersSha256())
        .isEqualTo(expected);
  }

  @Test
  void encodedImagesGiveTheModelOfPixels() {
    SmallRun run = run(digits().folder()).with("data.ids", "explicit").with("data.keep", "encoded");
    StringWriter said = new StringWriter();

    assertThat(run.train(said).parametersSha256()).isEqualTo(expected);
    assertThat(said.toString())
        .containsPattern(
            "800 images are kept encoded: 1 MiB of local disks, a thread decodes [0-9,]+ images/s");
  }

  @Test
  void plainPixelsOnDiskGiveTheSameModel() {
    SmallRun run = run(shared.resolve("idx")).with("data.keep", "encoded");

    assertThat(run.train().parametersSha256()).isEqualTo(expected);
    assertThat(run.evaluate().images()).isEqualTo(SmallRun.TEST_IMAGES);
  }

  @Test
  void packedFilesGiveTheModelOfIdx() {
    SmallRun source = run(digits().folder()).with("data.ids", "explicit");
    Path packed = directory.resolve("packed");
    new PackJob(new Configuration(), new PrintWriter(new StringWriter()))
        .run(
            new PackRequest(
                source.config().data(),
                new org.apache.hadoop.fs.Path(packed.toString()),
                250,
                1,
                Optional.empty()));

    SmallRun run = run(packed).with("data.ids", "explicit");

    assertThat(run.train().parametersSha256()).isEqualTo(expected);
  }

  @Test
  void namesOfLabelsTravelWithTheModel() throws IOException {
    Path data = twoClasses("train", "even", "odd");
    twoClasses("test", "even", "odd");
    SmallRun run = run(data).with("train.batch-size", 2);
    run.train();
    StringWriter said = new StringWriter();

    evaluate(run, data, said);

    assertThat(said.toString())
        .startsWith("6 images in file:%s/test".formatted(data))
        .containsPattern("even +odd +2 +3");

    Files.move(data.resolve("test/odd"), data.resolve("test/strange"));
    JobException failure =
        catchThrowableOfType(JobException.class, () -> evaluate(run, data, said));
    assertThat(failure)
        .hasMessage(
            "Cannot use file:%s/test/strange/0.png: the model does not know label strange at record 3, expected one of even, odd."
                .formatted(data));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  @Test
  void aRunDoesNotGoOnUnderOtherNames() throws IOException {
    Path data = twoClasses("train", "even", "odd");
    twoClasses("test", "even", "odd");
    SmallRun run = run(data).with("train.batch-size", 2);
    run.train();
    RunFolder.of(run.directory()).rewind(1);
    Files.move(data.resolve("train/even"), data.resolve("train/eleven"));
    Files.move(data.resolve("test/even"), data.resolve("test/eleven"));

    assertThat(catchThrowableOfType(JobException.class, run::train))
        .hasMessage(
            "Cannot resume run small: the labels in file:%s must be the ones it started with, got others. Restore them, or start a new run."
                .formatted(data));
  }

  @Test
  void badRecordsAreCountedAndCapped() throws IOException {
    Path data = digits().folder();
    Files.write(data.resolve("train/7/9000.png"), new byte[0]);
    Files.write(data.resolve("train/7/9001.png"), Pictures.declaredPng(20_000, 20_000));
    Files.write(data.resolve("test/7/9002.png"), new byte[] {1, 2, 3});

    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> run(data).with("data.max-bad-records", 2).train());
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessageMatching(
            """
            Cannot use the images in file:%s: data.max-bad-records allows 2 unusable, got 3:
              record [0-9]+ in file:%s/train/7/9000.png: it is empty
              record [0-9]+ in file:%s/train/7/9001.png: its head declares 20000x20000 = 400,000,000 pixels, data.max-pixels allows 33,554,432
              record [0-9]+ in file:%s/test/7/9002.png: it begins like no PNG, JPEG, GIF, BMP, WebP, PNM or TIFF file
            Mend or remove them, or allow more."""
                .replace("%s", data.toString()));

    StringWriter said = new StringWriter();
    RunResult result =
        run(data).with("run-id", "second").with("data.max-bad-records", 3).train(said);
    assertThat(result.badRecords()).isEqualTo(3);
    assertThat(said.toString()).contains("warning: 3 unusable records are left out:");
  }

  @Test
  void anotherSizeIsRefusedUnlessItIsResized() throws IOException {
    Path data = twoClasses("train", "even", "odd");
    twoClasses("test", "even", "odd");
    Files.write(data.resolve("train/odd/2.png"), Pictures.colourPng(30, 32));
    SmallRun run = run(data).with("train.batch-size", 2);

    JobException failure = catchThrowableOfType(JobException.class, run::train);
    assertThat(failure)
        .hasMessage(
            "Cannot feed record 5 in file:%s/train/odd/2.png to the network: it takes images of [1, 28, 28], got [3, 30, 32]. Set data.resize, change input.shape of the network, or give other data."
                .formatted(data));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);

    assertThat(run.with("data.resize", "crop").with("run-id", "resized").train().badRecords())
        .isEqualTo(0);
  }

  @Test
  void aCropOfAnotherSizeIsRefused() throws IOException {
    Path data = twoClasses("train", "even", "odd");
    SmallRun run = run(data).with("data.resize", "{ shorter = 256, crop = 224 }");

    JobException failure = catchThrowableOfType(JobException.class, run::train);

    assertThat(failure)
        .hasMessage(
            "Cannot use data.resize = { shorter = 256, crop = 224 }: images are to become 28x28 pixels. Set crop = 28.");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void oneClassIsRefused() throws IOException {
    Path data = twoClasses("train", "even");
    twoClasses("test", "even");

    assertThat(catchThrowableOfType(JobException.class, () -> run(data).train()))
        .hasMessage(
            "Cannot train on 3 images in file:%s/train: expected at least 2 labels, got only even."
                .formatted(data));
  }

  @Test
  void moreLabelsThanClassesAreRefused() throws IOException {
    String[] names = "abcdefghijk".split("");
    Path data = twoClasses("train", names);
    twoClasses("test", names);

    assertThat(catchThrowableOfType(JobException.class, () -> run(data).train()))
        .hasMessage(
            "Cannot use 33 images in file:%s/train: the network has 10 classes, got 11 labels: a, b, c, d, e, f, g, h, i, j, …. Give the network's last layer as many outputs."
                .formatted(data));
  }

  private void evaluate(SmallRun run, Path data, StringWriter said) {
    new EvaluationJob(new Configuration(), new PrintWriter(said))
        .run(
            new EvaluationRequest(
                ModelLocation.ofRun(run.directory().root()),
                new ConfigRequest(
                    Optional.empty(), List.of(), Map.of(KeyOption.DATA, data.toString())),
                Optional.empty()));
  }

  /** Three images in each of the classes. */
  private Path twoClasses(String split, String... classes) throws IOException {
    for (String name : classes) {
      Path folder = directory.resolve("data").resolve(split).resolve(name);
      Files.createDirectories(folder);
      for (int image = 0; image < 3; image++) {
        byte[] pixels = new byte[784];
        pixels[image] = (byte) name.charAt(0);
        Files.write(folder.resolve(image + ".png"), Pictures.greyPng(pixels, 0, 28, 28));
      }
    }
    return directory.resolve("data");
  }

  private SmallRun run(Path data) {
    return SmallRun.of(data, directory.resolve("runs"));
  }

  private DigitFiles digits() {
    return new DigitFiles(
        directory.resolve("digits"), SmallRun.TRAINING_IMAGES, SmallRun.TEST_IMAGES);
  }
}
