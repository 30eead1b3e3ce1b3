package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.config.SyncSettings.OptimizerState;
import dev.featuremap.job.record.RunId;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.spec.SpecException;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.OuterMomentum;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobConfigLoaderTest {
  private static final RunId FRESH = RunId.of("fresh");

  private final JobConfigLoader loader = new JobConfigLoader(new Configuration(), () -> FRESH);

  @TempDir private Path directory;

  @Test
  void needsNothing() {
    JobConfig config = loader.load(ConfigRequest.defaults());

    assertThat(config.data().path()).hasToString(here("data/mnist"));
    assertThat(config.output()).hasToString(here("runs"));
    assertThat(config.runId()).isEqualTo(FRESH);
    assertThat(config.runDirectory().root()).hasToString(here("runs/fresh"));
    assertThat(config.network().layers()).extracting("name").contains("conv1", "output");
    assertThat(config.training().epochs()).isEqualTo(15);
    assertThat(config.sync())
        .isEqualTo(
            new SyncSettings(
                SyncRule.EPOCH, 0, OptimizerState.AVERAGE, OuterMomentum.NONE, WireFormat.FLOAT32));
    assertThat(config.checkpoint()).isEqualTo(new CheckpointSettings(0, 3, 0));
    assertThat(config.earlyStopping().isOn()).isFalse();
  }

  @Test
  void storesPathsThatMeanTheSameInEveryDirectory() {
    JobConfig config = load("data.path=digits", "output.path=../a b");

    assertThat(config.resolved())
        .contains("path=\"%s\"".formatted(here("digits")))
        .contains("path=\"%s\"".formatted(here("../a b")));
    assertThat(loader.stored(config.resolved(), "config.conf").data()).isEqualTo(config.data());
  }

  @Test
  void refusesAPathOnADefaultFileSystemThatCannotBeUsed() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.defaultFS", "nowhere://host");

    assertThatThrownBy(
            () ->
                JobConfigLoader.of(hadoop)
                    .load(ConfigRequest.defaults().withAssignments("output.path=file:///runs")))
        .hasMessage(
            "Cannot use data.path: data/mnist is on the default file system, which cannot be used"
                + " (No FileSystem for scheme \"nowhere\"). Give a URI.");
  }

  @Test
  void takesAnotherDefaultForTheDataFromWhoeverStartsTheJob() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.set("featuremap.data", "file:///digits");
    JobConfigLoader started = JobConfigLoader.of(hadoop);
    String file = file("data.path = \"hdfs://nn/mnist\"");

    assertThat(started.load(ConfigRequest.defaults()).data().path()).hasToString("file:/digits");
    assertThat(started.load(ConfigRequest.defaults().withFile(file)).data().path())
        .hasToString("hdfs://nn/mnist");
  }

  @Test
  void prefersTheCommandLineToTheFileToTheDefaults() throws IOException {
    String file = file("train { epochs = 20, batch-size = 64 }");

    JobConfig config =
        loader.load(ConfigRequest.defaults().withFile(file).withAssignments("train.epochs=30"));

    assertThat(config.training().epochs()).isEqualTo(30);
    assertThat(config.training().batchSize()).isEqualTo(64);
    assertThat(config.training().workers()).isEqualTo(2);
  }

  @Test
  void takesTheLastOfSeveralAssignments() {
    assertThat(load("train.epochs=3", "train.epochs=4").training().epochs()).isEqualTo(4);
  }

  @Test
  void takesOptionsThatStandForKeys() {
    JobConfig config =
        loader.load(
            request(
                Map.of(
                    KeyOption.DATA, "hdfs://nn/mnist",
                    KeyOption.OUTPUT, "s3a://bucket/runs",
                    KeyOption.RUN_ID, "manual__2026-11-22T00:00:00+00:00")));

    assertThat(config.data().path()).hasToString("hdfs://nn/mnist");
    assertThat(config.runDirectory().root())
        .hasToString("s3a://bucket/runs/manual__2026-11-22T00~3A00~3A00~2B00~3A00");
  }

  @Test
  void takesValuesAsTextUnlessTheyAreMarkedAsHocon() {
    JobConfig config =
        load(
            "data.path=hdfs://nn:8020/a b",
            "sync.every=16 steps",
            "network={ input.shape = [1, 28, 28], layers = [{ type = fully-connected, outputs = 10 }] }",
            "run-id=\"quoted\"",
            "train.learning-rate=1e-2");

    assertThat(config.data().path()).hasToString("hdfs://nn:8020/a b");
    assertThat(config.sync().every()).isEqualTo(new SyncRule(16));
    assertThat(config.network().layers()).hasSize(1);
    assertThat(config.runId()).isEqualTo(RunId.of("quoted"));
    assertThat(config.training().learningRate()).isEqualTo(0.01);
  }

  @Test
  void keepsEveryDigitOfASeed() {
    assertThat(load("train.seed=9223372036854775807").training().seed()).isEqualTo(Long.MAX_VALUE);
    assertThat(load("train.seed=9223372036854775807").resolved())
        .contains("seed=9223372036854775807");
  }

  @Test
  void readsANetworkFromAFileByUri() throws IOException {
    String uri =
        file("input.shape = [1, 28, 28], layers = [{ type = fully-connected, outputs = 10 }]");

    assertThat(load("network=" + uri).network().layers()).hasSize(1);
  }

  @Test
  void changesTheInputAndTheClassesOfANamedNetwork() {
    JobConfig config =
        load(
            "network.base=resnet-8",
            "network.input={ shape = [1, 28, 28], mean = 0.1307, deviation = 0.3081 }",
            "network.classes=47");

    NetworkPlan plan = NetworkPlan.of(config.network());
    assertThat(plan.spec().input().shape()).isEqualTo(new Shape(1, 28, 28));
    assertThat(plan.classes()).isEqualTo(47);
    assertThat(plan.tensors().get(0).spec().dimensions()).containsExactly(16, 1, 3, 3);
  }

  @Test
  void startsFromANetworkOfAFile() throws IOException {
    String file =
        file(
            "input.shape = [1, 28, 28], classes = 10"
                + ", layers = [{ type = fully-connected, outputs = ${classes} }]");

    JobConfig config = load("network.base=" + file, "network.classes=3");

    assertThat(NetworkPlan.of(config.network()).classes()).isEqualTo(3);
  }

  @Test
  void aFileMayStartFromAnotherNetwork() throws IOException {
    String file = file("base = resnet-8, input.shape = [3, 64, 64], classes = 20");

    NetworkPlan plan = NetworkPlan.of(load("network=" + file).network());

    assertThat(plan.spec().input().shape()).isEqualTo(new Shape(3, 64, 64));
    assertThat(plan.classes()).isEqualTo(20);
  }

  @Test
  void refusesFilesThatNameEachOther() throws IOException {
    String file = file("base = \"%s\"".formatted(directory.resolve("my.conf").toUri()));

    assertThatThrownBy(() -> load("network=" + file))
        .hasMessage(
            "Cannot use network.base.base.base.base.base: a network has at most 4 bases behind each other, got more. Do its files name each other?");
  }

  @Test
  void refusesABaseThatIsNone() {
    assertThatThrownBy(() -> load("network.base=resnet8", "network.classes=3"))
        .hasMessageContaining(
            "Cannot use network.base: expected a file's URI or the name of a network, got resnet8. Did you mean resnet-8?");
    assertThatThrownBy(() -> load("network=something-else-entirely"))
        .hasMessageContaining("Cannot use network: expected a file's URI or one of seed, ")
        .hasMessageContaining(
            "got something-else-entirely. Give the URI of a network file, with / or ending in .conf.");
  }

  @Test
  void refusesKeysBesideTheNameOfANetwork() {
    String end =
        " beside a network or keys of it: one would take the place of the other. Name the network as network.base.";

    assertThatThrownBy(() -> load("network=resnet-18", "network.classes=3"))
        .hasMessage("Cannot use --set network.classes=3" + end);
    assertThatThrownBy(() -> load("network.classes=3", "network=resnet-18"))
        .hasMessageContaining("Cannot use --set network=resnet-18" + end);
    assertThat(load("network=resnet-18", "network=resnet-8").network())
        .isEqualTo(load("network=resnet-8").network());
  }

  @Test
  void refusesClassesThatTheLastLayerDoesNotHave() {
    assertThatThrownBy(() -> load("network.base=lenet-5", "network.classes=47"))
        .hasMessage(
            "Cannot use network.classes: the last layer must have as many outputs, got 47 and 10."
                + " Give it outputs = ${classes}.");
  }

  @Test
  void substitutesKeysOfTheConfiguration() throws IOException {
    String file = file("train.epochs = 7\nearly-stopping.patience = ${train.epochs}");

    assertThat(loader.load(ConfigRequest.defaults().withFile(file)).earlyStopping().patience())
        .isEqualTo(7);
  }

  @Test
  void namesEveryProblemAtOnce() throws IOException {
    String file =
        file(
            """
            train {
              epochs = 0
              batchsize = 8
            }
            network = lenet5
            """);

    assertThatThrownBy(
            () ->
                loader.load(
                    ConfigRequest.defaults()
                        .withFile(file)
                        .withAssignments(
                            "sync.every=daily", "run-id=../up", "early-stopping.patience=-1")))
        .isInstanceOfSatisfying(
            SpecException.class,
            e ->
                assertThat(e.problems())
                    .containsExactlyInAnyOrder(
                        "Cannot use train.batchsize in %s line 3: unknown key. Did you mean train.batch-size?"
                            .formatted(file),
                        "Cannot use network: expected a file's URI or the name of a network, got lenet5. Did you mean lenet-5?",
                        "Cannot use train.epochs: expected an integer from 1 to 1000000, got 0.",
                        "Cannot use sync.every: expected epoch, 1 step or a number of steps such as"
                            + " 16 steps, got \"daily\".",
                        "Cannot use run id \"../up\": it must not start with . or _.",
                        "Cannot use early-stopping.patience: expected an integer of at least 0, got -1."));
  }

  @Test
  void namesProblemsOfTheNetworkTogetherWithOthers() {
    assertThatThrownBy(
            () ->
                load(
                    "network={ input.shape = [1, 28, 28], layers = [{ type = convolutoin }] }",
                    "train.workers=none"))
        .hasMessageContaining("convolution")
        .hasMessageContaining("Cannot use train.workers: expected an integer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epochs=3 | Cannot use epochs: unknown key. Did you mean train.epochs?",
        "train.epoch=3 | Cannot use train.epoch: unknown key. Did you mean train.epochs?",
        "optimizer.type=sgd | Cannot use optimizer.type: unknown key. Did you mean train.optimizer.type?",
        "learning-rate=1 | Cannot use learning-rate: unknown key. Did you mean train.learning-rate?",
        "momentun=0.9 | Cannot use momentun: unknown key. Did you mean train.optimizer.momentum?",
        "a.b.zzzzzzzzzzzzzz=1 | Cannot use a.b.zzzzzzzzzzzzzz: unknown key. conf/train.conf lists all keys.",
        "run-id= | Cannot use run-id: expected a text, got \"\".",
        "train.epochs | Cannot use --set train.epochs: expected key=value.",
        "=3 | Cannot use --set =3: expected key=value.",
        "a..b=3 | Cannot use --set a..b=3: a..b is not a key.",
        "network={ | Cannot use --set network={: the value is not HOCON:",
        "train=3 | Cannot use train: expected a section { … }, got \"3\".",
        "train.seed=1.5 | Cannot use train.seed: expected a 64-bit integer, got 1.5.",
        "network=bogus | Give the URI of a network file, with / or ending in .conf.",
        "output.path=s3a://key:secret@bucket/runs | Cannot use output.path: a URI must not contain a password.",
        "data.resize=64x64 | Cannot use data.resize: expected one of none, stretch, fit, crop, got \"64x64\".",
        "data.resize.shorter=0 | Cannot use data.resize.shorter: expected an integer from 1 to 65536, got \"0\".",
        "data.resize={ shorter = 9, like = tensorflow } | Cannot use data.resize.shorter with like = tensorflow: TensorFlow's way has like, filter and crop-padding. Leave it out.",
        "data.resize={ shorter = 9, cut = 8 } | Cannot use data.resize.cut: unknown key.",
        "data.test-fraction=1 | Cannot use data.test-fraction: expected a number of at least 0 and below 1, got 1.",
        "data.path=a:b | Cannot use data.path: expected a path or URI, got \"a:b\"",
        "checkpoint.keep-last=0 | Cannot use checkpoint.keep-last: expected an integer of at least 1, got 0.",
      })
  void explainsWhatIsWrongWith(String assignment, String message) {
    assertThatThrownBy(() -> load(assignment))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesTheFormatsThereAre() {
    String formats =
        Arrays.stream(DataSettings.Format.values())
            .map(DataSettings.Format::text)
            .collect(Collectors.joining(", "));

    assertThatThrownBy(() -> load("data.format=csv"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(
            "Cannot use data.format: expected one of %s, got \"csv\".".formatted(formats));
  }

  @Test
  void neverRepeatsAPassword() {
    assertThatThrownBy(() -> load("output.path=s3a://key:canary@bucket/runs"))
        .message()
        .doesNotContain("canary");
  }

  @Test
  void refusesAValueThatIsMissing() throws IOException {
    String file = file("train.epochs = null");

    assertThatThrownBy(() -> loader.load(ConfigRequest.defaults().withFile(file)))
        .hasMessage(
            "Cannot use train.epochs in %s line 1: it has no value. Leave it out to get its default."
                .formatted(file));
  }

  @ParameterizedTest
  @CsvSource({
    "data.test,data.test=a",
    "data.validation,data.validation=a",
    "data.test-fraction,data.test-fraction=0.5"
  })
  void refusesOtherSetsBesideAColumnThatSaysThem(String key, String setting) {
    assertThatThrownBy(() -> load("data.table.split=split", setting))
        .hasMessageContaining(
            "Cannot use data.table.split and %s together: the column of the table says which rows are in which set. Give one of them."
                .formatted(key));
    assertThat(load("data.table.split=split", "data.validation=none").data().isOneSet()).isTrue();
  }

  @Test
  void refusesTwoWaysToChooseWhatIsTestedOn() {
    assertThatThrownBy(() -> load("data.test=test", "data.test-fraction=0.5"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(
            "Cannot use data.test and data.test-fraction together: both say what is tested on. Give one of them.");
  }

  @Test
  void refusesAnOptionAndAnAssignmentOfItsKey() {
    assertThatThrownBy(
            () ->
                loader.load(
                    new ConfigRequest(
                        Optional.empty(), List.of("data.path=a"), Map.of(KeyOption.DATA, "b"))))
        .hasMessage(
            "Cannot use --data and --set data.path together: both set data.path. Give one of them.");
  }

  /** A path below the working directory, as a URI of Hadoop. */
  private static String here(String path) {
    return "file:" + Path.of("").toAbsolutePath().resolve(path).normalize();
  }

  private JobConfig load(String... assignments) {
    return loader.load(ConfigRequest.defaults().withAssignments(assignments));
  }

  private static ConfigRequest request(Map<KeyOption, String> options) {
    return new ConfigRequest(Optional.empty(), List.of(), options);
  }

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("my.conf"), text).toUri().toString();
  }
}
