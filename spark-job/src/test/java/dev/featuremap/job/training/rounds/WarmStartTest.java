package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.featuremap.format.TakenValues;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.job.training.run.ValidationJob;
import dev.featuremap.network.NetworkPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class WarmStartTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun run;
  private static Path model;

  /** A run that is trained, and steps that are too small to change any bit of it. */
  @BeforeAll
  static void train() throws IOException {
    SmallRun first =
        SmallRun.of(
            SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
            directory.resolve("runs"));
    first.train();
    model = RunFolder.of(first.directory()).checkpointFile("2-2", "model.safetensors");
    run = first.with("train.learning-rate", 1e-30).with("train.init-from", model);
  }

  @Test
  void startsFromTheParametersOfTheFile() {
    SmallRun warm = run.with("run-id", "warm");
    StringWriter said = new StringWriter();
    warm.train(said);

    assertThat(said.toString()).contains("starts from file:%s%n".formatted(model));

    assertThat(RunFolder.of(warm.directory()).checkpointFile("1-1", "model.safetensors"))
        .hasSameBinaryContentAs(model);
  }

  @Test
  void isValidatedWithWhatItTakes() {
    StringWriter said = new StringWriter();

    new ValidationJob(new Configuration(), new PrintWriter(said))
        .run(run.with("run-id", "valid").with("train.init-except", "conv1").config());

    assertThat(said.toString())
        .contains(
            "start   file:%s%n        takes 2 tensors with 4,330 values; 2 tensors stay at initial values: conv1.weight, conv1.bias%n        of the file, it does not use 2 tensors that train.init-except names (conv1.weight, conv1.bias)%n"
                .formatted(model));
  }

  @Test
  void startsItsMovingAverageFromThemToo() {
    SmallRun averaged = run.with("run-id", "averaged").with("train.ema-decay", 0.9);
    averaged.train();

    assertThat(RunFolder.of(averaged.directory()).checkpointFile("1-1", "model.safetensors"))
        .hasSameBinaryContentAs(model);
  }

  @Test
  void goesOnWithoutTheFileWhereTheDigestIsGiven() throws IOException {
    Path copy = Files.copy(model, directory.resolve("goes.safetensors"));
    SmallRun interrupted =
        run.with("run-id", "goes").with("train.init-from", copy).with("train.learning-rate", 0.1);
    RunResult uninterrupted = interrupted.train();
    String sha256 = interrupted.config().initial().orElseThrow().sha256();
    RunFolder.of(interrupted.directory()).rewind(1);
    Files.delete(copy);

    RunResult resumed = interrupted.with("train.init-sha256", sha256).train();

    assertThat(resumed.parametersSha256()).isEqualTo(uninterrupted.parametersSha256());
  }

  @Test
  void refusesToGoOnFromAnotherFile() throws IOException {
    Path copy = Files.copy(model, directory.resolve("copy.safetensors"));
    SmallRun begun = run.with("run-id", "begun").with("train.init-from", copy);
    begun.train();
    Files.write(copy, new byte[100]);

    assertFails(begun, ExitCode.USAGE, "train.init-sha256: was ");
  }

  @Test
  void refusesTheFileOfAnotherNetwork() {
    SmallRun other = run.with("run-id", "other").with("network", "shallow");

    assertFails(
        other,
        ExitCode.BAD_DATA,
        "Cannot start from file:%s: its tensors must be those of the network, got"
            .formatted(model));
    assertThat(Path.of(other.directory().root().toUri().getPath())).doesNotExist();
  }

  @Test
  void refusesAFileWithAnotherDigest() {
    assertFails(
        run.with("run-id", "digest").with("train.init-sha256", "0".repeat(64)),
        ExitCode.BAD_DATA,
        "Cannot start from file:%s: its SHA-256 must be %s, got ".formatted(model, "0".repeat(64)));
  }

  @Test
  void saysThatTheFileChangesWhereNoDigestIsGiven() throws IOException {
    Path copy = Files.copy(model, directory.resolve("changes.safetensors"));
    JobConfig config = run.with("run-id", "changes").with("train.init-from", copy).config();
    byte[] other = Files.readAllBytes(copy);
    other[other.length - 1] ^= 1;
    Files.write(copy, other);

    assertThatThrownBy(
            () -> WarmStart.read(config, NetworkPlan.of(config.network()), new Configuration()))
        .isInstanceOfSatisfying(
            JobException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessage(
            "Cannot start from file:%s: it has changed since this command began. Start again when it is complete.",
            copy);
  }

  @Test
  void startsFromAStateThatPytorchSaved() throws Exception {
    JobConfig config = pytorch("pytorch-batchnorm-state-dict.safetensors");

    float[] values = read(config).values();

    assertThat(values).hasSize(4 * 25 + 2 * 4 + 10 * 144 + 10 + 2 * 4);
    assertThat(values[0]).isEqualTo(-0.001497364f);
    assertThat(values[values.length - 1]).isEqualTo(0.9378294f);
  }

  @Test
  void trainsFromAStateThatPytorchSaved() throws Exception {
    SmallRun warm =
        run.with("run-id", "pytorch")
            .with("network", resource("pytorch-batchnorm-net.conf"))
            .with("train.init-from", resource("pytorch-batchnorm-state-dict.safetensors"));

    assertThat(warm.train().parametersSha256()).hasSize(64);
  }

  @Test
  void startsFromHalfPrecision() throws Exception {
    TakenValues half = read(pytorch("pytorch-half.safetensors"));
    float[] whole = read(pytorch("pytorch-batchnorm-state-dict.safetensors")).values();

    assertThat(half.values()).hasSameSizeAs(whole);
    for (int k = 0; k < whole.length; k++) {
      // A half has 11 significant bits, and none below 2^-24.
      assertThat(half.values()[k])
          .isCloseTo(whole[k], offset(Math.abs(whole[k]) * 0x1p-11f + 0x1p-25f));
    }
    assertThat(half.words())
        .containsExactly(
            "takes 7 tensors with 1,566 values (F16 made F32)",
            "of the file, it does not use 1 counter of batches");
  }

  @Test
  void keepsInitialValuesOfTheSameSeed() {
    SmallRun cold = SmallRun.of(directory.resolve("data"), directory.resolve("runs"));
    SmallRun warm = run.with("run-id", "head").with("train.init-except", "[\"output\"]");
    NetworkPlan plan = NetworkPlan.of(warm.config().network());
    StringWriter said = new StringWriter();

    TakenValues start = read(warm.config());
    warm.train(said);

    float[] random = plan.initialState(cold.config().training().seed(), 0);
    assertThat(Arrays.copyOfRange(start.values(), 78, 4_408))
        .containsExactly(Arrays.copyOfRange(random, 78, 4_408));
    assertThat(Arrays.copyOf(start.values(), 78))
        .containsExactly(Arrays.copyOf(read(run.config()).values(), 78))
        .isNotEqualTo(Arrays.copyOf(random, 78));
    assertThat(said.toString())
        .contains(
            "starts from file:%s%ntakes 2 tensors with 78 values; 2 tensors stay at initial values: output.weight, output.bias%nof the file, it does not use 2 tensors that train.init-except names (output.weight, output.bias)%ntrain on "
                .formatted(model));
  }

  @Test
  void goesOnOnlyWithTheSameExceptions() {
    SmallRun warm = run.with("run-id", "excepts").with("train.init-except", "output");
    String digest = warm.train().parametersSha256();

    assertThat(warm.with("train.init-except", "[output]").train().parametersSha256())
        .isEqualTo(digest);
    assertFails(
        warm.with("train.init-except", "[]"),
        ExitCode.USAGE,
        "train.init-except[0]: was \"output\", is absent");
  }

  @Test
  void refusesExceptionsOfNothing() {
    SmallRun warm = run.with("run-id", "nothing").with("train.init-except", "[\"fc.*\"]");

    assertFails(
        warm,
        ExitCode.USAGE,
        "Cannot use train.init-except: no tensor is named fc.*, neither in the network nor in file:%s. The network has conv1, output."
            .formatted(model));
    assertThat(Path.of(warm.directory().root().toUri().getPath())).doesNotExist();
  }

  @Test
  void offersToStartAHeadOfOtherClassesAnew() {
    String network =
        "{ input.shape = [1, 28, 28], layers = [{ type = convolution, name = conv1, feature-maps = 3, field = 5 },"
            + " { type = relu }, { type = max-pool, window = 2 },"
            + " { type = fully-connected, name = output, outputs = 4 }] }";

    assertFails(
        run.with("run-id", "classes").with("network", network),
        ExitCode.BAD_DATA,
        "Cannot start from file:%s: its output.weight and output.bias have 10 outputs, the network 4. Set train.init-except = [\"output.*\"] to start this layer anew."
            .formatted(model));
  }

  private static JobConfig pytorch(String file) throws Exception {
    return run.with("run-id", file)
        .with("network", resource("pytorch-batchnorm-net.conf"))
        .with("train.init-from", resource(file))
        .config();
  }

  private static TakenValues read(JobConfig config) {
    return WarmStart.read(config, NetworkPlan.of(config.network()), new Configuration())
        .orElseThrow();
  }

  private static Path resource(String name) throws Exception {
    return Path.of(WarmStartTest.class.getResource(name).toURI());
  }

  private static void assertFails(SmallRun run, ExitCode code, String message) {
    assertThatThrownBy(run::train)
        .isInstanceOfSatisfying(
            JobException.class, failure -> assertThat(failure.exitCode()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
