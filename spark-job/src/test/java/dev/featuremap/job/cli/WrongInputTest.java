package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.format.SafetensorsWriter;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of wrong input gets its exit code and one clear message, and costs nothing. */
class WrongInputTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private Path directory;
  private Path data;
  private Path runs;
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeDigits() throws IOException {
    runs = directory.resolve("runs");
    data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
  }

  @Test
  void missingDirectoryOfData() throws IOException {
    data = directory.resolve("nowhere");

    assertThatTrainingIsRefused(
        ExitCode.MISSING_INPUT,
        "Cannot find images in file:%s: the directory does not exist.".formatted(data));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https", "ftp"})
  void dataOnAServerThatIsNoFileSystem(String scheme) {
    String uri = scheme + "://127.0.0.1:1/digits";

    assertThat(featuremap("validate", "--data=" + uri, "--output=" + runs))
        .isEqualTo(ExitCode.USAGE);
    assertThatItSaysOnly(
        "Cannot read %s: %s: is no file system that can be listed and written. Download the files and give their path, or copy them to a store such as s3a: or hdfs:."
            .formatted(uri, scheme));
  }

  @Test
  void storeWhoseFileSystemIsNotThere() throws IOException {
    SPARK.set("spark.hadoop.fs.absent.impl", "org.example.AbsentFileSystem");

    assertThat(train("--set", "train.init-from=absent://bucket/model")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString().strip())
        .isEqualTo(
            "featuremap: Cannot reach a store: no file system is installed for it, got Class org.example.AbsentFileSystem not found. Give spark-submit its package; that of s3a: is --packages org.apache.hadoop:hadoop-aws:<version of the cluster's Hadoop>.");
  }

  @Test
  void missingFileOfData() throws IOException {
    Files.delete(data.resolve(MnistFiles.TEST_LABELS));

    assertThatTrainingIsRefused(
        ExitCode.MISSING_INPUT,
        "Cannot find IDX files in file:%s: it lacks t10k-labels-idx1-ubyte. Each is accepted with '.' instead of '-' before idx, plain or with .gz."
            .formatted(data));
  }

  @Test
  void truncatedFile() throws IOException {
    Path images = data.resolve(MnistFiles.TRAIN_IMAGES);
    Files.write(images, Arrays.copyOf(Files.readAllBytes(images), 1000));

    assertThatTrainingIsRefused(
        ExitCode.BAD_DATA,
        "Cannot read file:%s: its head promises 600 images, expected 470416 bytes, got 1000. It is truncated: fetch it again."
            .formatted(images));
  }

  @Test
  void fileOfAnotherKind() throws IOException {
    Path images = data.resolve(MnistFiles.TRAIN_IMAGES);
    Files.copy(data.resolve(MnistFiles.TRAIN_LABELS), directory.resolve("labels"));
    Files.move(directory.resolve("labels"), images, StandardCopyOption.REPLACE_EXISTING);

    assertThatTrainingIsRefused(
        ExitCode.BAD_DATA,
        "Cannot read file:%s: a file of images begins with 0x00000803 or 0x00000804, got 0x00000801 (unsigned bytes in 1 dimension)."
            .formatted(images));
  }

  @Test
  void labelsOfOtherImages() throws IOException {
    Path labels = data.resolve(MnistFiles.TRAIN_LABELS);
    MnistFiles.write(labels, MnistFiles.LABELS_MAGIC, new int[] {599}, new byte[599]);

    assertThatTrainingIsRefused(
        ExitCode.BAD_DATA,
        "Cannot join file:%s to file:%s: every image needs one label, got 600 images and 599 labels. Give the two files of one split."
            .formatted(labels, data.resolve(MnistFiles.TRAIN_IMAGES)));
  }

  @Test
  void labelOutOfRange() throws IOException {
    Path labels = data.resolve(MnistFiles.TRAIN_LABELS);
    byte[] bytes = Files.readAllBytes(labels);
    bytes[8 + 17] = 10;
    Files.write(labels, bytes);

    assertThat(train()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(err.toString())
        .startsWith(
            "featuremap: Cannot use file:%s: the network has 10 classes, got label 10 at record 17, expected 0 to 9. "
                .formatted(labels));
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(RunFolder.of(run().directory()).text("status.json"))
        .contains("\"FAILED\"", "\"exit-code\" : 65");
  }

  @Test
  void imagesOfAnotherSize() throws IOException {
    assertThatTrainingIsRefused(
        ExitCode.BAD_DATA,
        "Cannot feed 600 images of [1, 28, 28] in file:%s to the network: it takes images of [1, 8, 8], got [1, 28, 28]. Set data.resize, change input.shape of the network, or give other data."
            .formatted(data.resolve(MnistFiles.TRAIN_IMAGES)),
        "--set",
        "network={ input.shape = [1, 8, 8], layers = [{ type = fully-connected, outputs = 10 }] }");
  }

  @Test
  void layersThatDoNotJoin() throws IOException {
    assertThat(
            train(
                "--set",
                "network={ input.shape = [1, 28, 28], layers = [{ type = fully-connected, outputs = 10, name = first }, { type = convolution, feature-maps = 3, field = 5, name = second }] }"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("featuremap: Cannot join second to first: ");
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(runs).doesNotExist();
  }

  @Test
  void unknownKey() throws IOException {
    assertThatTrainingIsRefused(
        ExitCode.USAGE,
        "Cannot use train.epoch: unknown key. Did you mean train.epochs?",
        "--set",
        "train.epoch=3");
  }

  @Test
  void negativeRate() throws IOException {
    assertThatTrainingIsRefused(
        ExitCode.USAGE,
        "Cannot use train.learning-rate: expected a number above 0, got -0.1.",
        "--set",
        "train.learning-rate=-0.1");
  }

  @Test
  void severalProblemsAtOnce() throws IOException {
    assertThatTrainingIsRefused(
        ExitCode.USAGE,
        """
        Cannot use the settings, for 3 reasons:
          Cannot use train.epoch: unknown key. Did you mean train.epochs?
          Cannot use train.learning-rate: expected a number above 0, got -0.1.
          Cannot use sync.every: expected epoch, 1 step or a number of steps such as 16 steps, got "0 steps".""",
        "--set",
        "train.epoch=3",
        "--set",
        "train.learning-rate=-0.1",
        "--set",
        "sync.every=0 steps");
  }

  @Test
  void outputThatCannotBeWritten() throws IOException {
    Files.writeString(runs, "a file");

    assertThat(train()).as(err.toString()).isEqualTo(ExitCode.CANNOT_WRITE);
    assertThat(err.toString())
        .startsWith("featuremap: Cannot write to file:%s/small: ".formatted(runs))
        .endsWith(
            " Check that the place exists and that this user may create and delete there.%n"
                .formatted());
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(runs).hasContent("a file");
  }

  @Test
  void lossThatDiverges() throws IOException {
    assertThat(train("--set", "train.learning-rate=1e30")).isEqualTo(ExitCode.BAD_DATA);
    assertThat(err.toString())
        .isEqualTo(
            "featuremap: Cannot go on training: the loss of worker 0 in epoch 1, round 1 must be finite, got NaN. Lower train.learning-rate or set train.clip-norm; checkpoints published before stay.%n"
                .formatted());
  }

  @Test
  void moreWorkersTimesBatchThanImages() throws IOException {
    assertThatTrainingIsRefused(
        ExitCode.USAGE,
        "Cannot train with train.workers = 19 and train.batch-size = 32: one step takes 608 images, got 600. Lower one of the two.",
        "--set",
        "train.workers=19");
  }

  @Test
  void anAverageLargerThanTheDriverTakes() throws IOException {
    SPARK.set("spark.driver.maxResultSize", "1m");

    assertThatTrainingIsRefused(
        ExitCode.USAGE,
        "Cannot average 4 workers: the averaged state takes 2 MiB, spark.driver.maxResultSize allows 1 MiB. Submit with --conf spark.driver.maxResultSize=3m and driver memory to match.",
        "--set",
        "network=one-conv",
        "--set",
        "train.workers=4");
  }

  @Test
  void evaluationOfARunWithoutCheckpoints() {
    assertThat(featuremap("evaluate", "--run", runs.resolve("none").toString()))
        .isEqualTo(ExitCode.MISSING_INPUT);
    assertThatItSaysOnly(
        "Cannot evaluate %s: it has no checkpoint. Give --run the directory of a run."
            .formatted(runs.resolve("none")));
  }

  @Test
  void evaluationOfAMissingFile() {
    Path missing = directory.resolve("model.safetensors");

    assertThat(featuremap("evaluate", "--checkpoint", missing.toString()))
        .isEqualTo(ExitCode.MISSING_INPUT);
    assertThatItSaysOnly(
        "Cannot evaluate %s: File %1$s does not exist. Give a checkpoint's directory or a model.safetensors."
            .formatted(missing));
  }

  @Test
  void evaluationOfADamagedModel() throws IOException {
    Path damaged = directory.resolve("model.safetensors");
    Files.write(damaged, new byte[100]);

    assertThat(featuremap("evaluate", "--checkpoint", damaged.toString()))
        .isEqualTo(ExitCode.BAD_DATA);
    assertThat(err.toString()).startsWith("featuremap: Cannot read " + damaged.toUri().getPath());
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void evaluationOfTensorsWithoutANetwork() throws IOException {
    Path foreign = directory.resolve("foreign.safetensors");
    try (OutputStream out = Files.newOutputStream(foreign)) {
      SafetensorsWriter.write(out, Map.of("format", "pt"), List.of());
    }

    assertThat(featuremap("evaluate", "--checkpoint", foreign.toString()))
        .isEqualTo(ExitCode.BAD_DATA);
    assertThatItSaysOnly(
        "Cannot read the model %s: its metadata must hold the network under featuremap.network, got [format]. Give a model.safetensors of a run."
            .formatted(foreign));
  }

  @Test
  void evaluationOfARunWhoseOnlyCheckpointIsDamaged() throws IOException {
    SmallRun run = run().with("train.epochs", 1);
    run.train();
    RunFolder folder = RunFolder.of(run.directory());
    Files.write(folder.checkpointFile("1-1", "model.safetensors"), new byte[100]);

    assertThat(featuremap("evaluate", "--run", folder.root().toString()))
        .isEqualTo(ExitCode.BAD_DATA);
    assertThat(err.toString())
        .startsWith(
            "featuremap: Cannot resume from %s: a checkpoint must be intact, got none; nothing was deleted."
                .formatted(folder.root()))
        .doesNotContain("\tat ");
  }

  private void assertThatTrainingIsRefused(ExitCode code, String message, String... arguments) {
    assertThat(train(arguments)).isEqualTo(code);
    assertThatItSaysOnly(message);
    assertThat(runs).doesNotExist();
  }

  private void assertThatItSaysOnly(String message) {
    assertThat(err.toString()).isEqualTo("featuremap: %s%n".formatted(message));
  }

  private SmallRun run() {
    return SmallRun.of(data, runs);
  }

  private ExitCode train(String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--data=" + data,
                "--output=" + runs,
                "--run-id=small",
                "--set=train.epochs=1",
                "--set=train.batch-size=32",
                "--set=train.optimizer.type=sgd",
                "--set=train.schedule.type=constant"));
    arguments.addAll(List.of(settings));
    return featuremap(arguments.toArray(String[]::new));
  }

  private ExitCode featuremap(String... arguments) {
    return Featuremap.onSpark()
        .run(arguments, new PrintWriter(new StringWriter()), new PrintWriter(err));
  }
}
