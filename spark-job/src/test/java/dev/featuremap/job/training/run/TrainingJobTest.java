package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Sha256;
import dev.featuremap.data.Shard;
import dev.featuremap.job.config.HadoopSettings;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.JobDescriptions;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.rounds.RunState;
import dev.featuremap.job.watch.console.RunConsole;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.LocalTrainer;
import dev.featuremap.train.Team;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an undisturbed run says, leaves and computes. */
class TrainingJobTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun run;
  private static RunFolder folder;
  private static RunResult result;
  private static List<String> jobs;
  private static final StringWriter SAID = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    run = SmallRun.of(data, directory.resolve("runs"));
    folder = RunFolder.of(run.directory());
    SPARK.set("spark.extraListeners", JobDescriptions.class.getName());
    JobDescriptions.take();
    result = run.train(SAID);
    jobs = JobDescriptions.take();
  }

  @Test
  void trainsOneWorkerToTheBitsOfTheLocalTrainer() throws IOException {
    SmallRun alone =
        run.with("run-id", "alone").with("train.workers", 1).with("train.optimizer.momentum", 0.9);
    JobConfig config = alone.config();
    NetworkPlan plan = NetworkPlan.of(config.network());

    RunResult trained = alone.train();

    LocalTrainer local =
        new LocalTrainer(
            plan,
            config.training(),
            KernelLookup.kernels(),
            wholeShard(config.training().seed()),
            Team.alone());
    assertThat(trained.parametersSha256())
        .isEqualTo(Sha256.ofFloats(local.train(), plan.parameters()));
  }

  @Test
  void leavesTheFilesOfARun() {
    assertThat(folder.names("."))
        .containsExactly(
            "_SUCCESS",
            "checkpoints",
            "config.conf",
            "manifests",
            "metrics.jsonl",
            "report.html",
            "result.json",
            "status.json");
    assertThat(folder.checkpoints()).containsExactly("1-1", "2-2");
  }

  @Test
  void returnsWhatItStoresAsResult() {
    assertThat(RunResult.fromJson(folder.text("result.json"))).isEqualTo(result);
    assertThat(result.runId()).hasToString("small");
    assertThat(result.state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(result.epochs()).isEqualTo(2);
    assertThat(result.parameters()).isEqualTo(4_408);
    assertThat(result.workers()).isEqualTo(2);
    assertThat(result.kernels()).isEqualTo(KernelLookup.kernels().name());
    assertThat(result.checkpoint())
        .isEqualTo("file:" + folder.checkpointFile("2-2", "model.safetensors").getParent());
  }

  @Test
  void endsWithTheStatusFinished() {
    RunStatus status = RunStatus.fromJson(folder.text("status.json"));

    assertThat(status.state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(status.epoch()).isEqualTo(2);
    assertThat(status.attempt()).isEqualTo(1);
    assertThat(status.exitCode()).contains(0);
    assertThat(status.reason()).isEmpty();
    assertThat(status.applicationId()).startsWith("local-");
    assertThat(status.started()).isBeforeOrEqualTo(status.updated());
  }

  @Test
  void storesTheConfigurationItRanWith() {
    JobConfig stored =
        JobConfigLoader.of(new Configuration()).stored(folder.text("config.conf"), "config.conf");

    assertThat(stored.resolved()).isEqualTo(run.config().resolved());
  }

  @Test
  void namesTheModelAndItsDigestInTheMarkerOfSuccess() throws Exception {
    Path model = folder.checkpointFile("2-2", "model.safetensors");
    MessageDigest digest = MessageDigest.getInstance("SHA-256");

    assertThat(folder.text("_SUCCESS"))
        .isEqualTo(
            "{\"checkpoint\":\"%s\",\"object\":\"model.safetensors\",\"sha256\":\"%s\"}%n",
            model.getParent().getFileName(),
            HexFormat.of().formatHex(digest.digest(Files.readAllBytes(model))));
  }

  @Test
  void warnsOnceOfWorkersThatDriftApart() {
    StringWriter told = new StringWriter();

    run.with("run-id", "drifting")
        .with("train.workers", 16)
        .with("train.batch-size", 4)
        .with("sync.every", "2 steps")
        .train(told);

    assertThat(told.toString().lines().filter(line -> line.startsWith("warning: ")))
        .singleElement()
        .asString()
        .matches("warning: in epoch \\d the workers' average went \\d+ % of the way .*");
  }

  @Test
  void measuresEachEpoch() {
    List<EpochMetrics> epochs = EpochMetrics.fromLines(folder.text("metrics.jsonl"));

    assertThat(epochs).extracting(EpochMetrics::epoch).containsExactly(1, 2);
    assertThat(epochs).extracting(EpochMetrics::rounds).containsExactly(1L, 2L);
    assertThat(epochs)
        .allSatisfy(
            epoch -> {
              assertThat(epoch.learningRate()).isEqualTo(0.1);
              assertThat(epoch.trainLoss()).isBetween(0.1, 2.5);
              assertThat(epoch.trainAccuracy() * SmallRun.TRAINING_IMAGES).isBetween(60.0, 600.0);
              assertThat(epoch.testLoss()).isBetween(0.1, 2.5);
              assertThat(epoch.drift()).isBetween(1e-3, 10.0);
              assertThat(epoch.trainImagesPerSecond() * epoch.seconds()).isGreaterThan(600);
            });
    assertThat(epochs.get(1).trainLoss()).isLessThan(epochs.get(0).trainLoss());
    assertThat(epochs.get(1).testAccuracy()).isEqualTo(result.testAccuracy()).isGreaterThan(0.5);
    assertThat(epochs.get(1).testLoss()).isEqualTo(result.testLoss());
  }

  @Test
  void accountsForAllOfItsTime() {
    List<Long> readings = new ArrayList<>();
    LongSupplier clock =
        () -> {
          readings.add(System.nanoTime());
          return readings.get(readings.size() - 1);
        };
    SmallRun timed = run.with("run-id", "timed").with("sync.every", "3 steps");
    RunConsole console = RunConsole.lines(new PrintWriter(new StringWriter()));

    RunResult counted =
        new TrainingJob(console, clock)
            .run(timed.config(), HadoopSettings.of(System.getProperties()));

    double wall = (readings.get(readings.size() - 1) - readings.get(0)) / 1e9;
    assertThat(counted.seconds()).isCloseTo(wall, within(1e-6));
    assertThat(counted.times().start()).isPositive();
    assertThat(counted.times().load()).isPositive();
  }

  @Test
  void dividesTheTimeOfAnEpoch() {
    List<EpochMetrics> epochs = EpochMetrics.fromLines(folder.text("metrics.jsonl"));

    assertThat(epochs)
        .allSatisfy(
            epoch -> {
              assertThat(epoch.times().values()).allMatch(part -> part >= 0);
              assertThat(epoch.times().compute()).isPositive();
              assertThat(epoch.times().schedule()).isPositive();
              assertThat(epoch.times().evaluate()).isPositive();
            });
    // An epoch's line is written into its checkpoint, so the next one tells what that took.
    assertThat(epochs)
        .extracting(epoch -> epoch.times().checkpoint() > 0)
        .containsExactly(false, true);
    assertThat(result.times().epochs().checkpoint())
        .isGreaterThan(epochs.get(1).times().checkpoint());
  }

  @Test
  void keepsThePlanOfTheResumeInItsManifest() {
    RunState state =
        RunState.fromJson(
            CheckpointStore.of(run.directory().root(), new Configuration())
                .newest()
                .orElseThrow()
                .checkpoint()
                .state());

    assertThat(state.complete()).isTrue();
    assertThat(state.fingerprint()).isEqualTo(run.config().fingerprint());
    assertThat(state.trainDigests()).hasSize(2).doesNotHaveDuplicates();
    assertThat(EpochMetrics.toLines(state.history())).isEqualTo(folder.text("metrics.jsonl"));
  }

  @Test
  void tellsSparkWhatItsJobsAreFor() {
    assertThat(jobs)
        .containsExactly(
            "load training images",
            "load test images",
            "epoch 1/2 · round 1 · train",
            "epoch 1/2 · evaluate",
            "fetch images for the report",
            "epoch 2/2 · round 1 · train",
            "epoch 2/2 · evaluate",
            "epoch 2/2 · evaluate · rank",
            "fetch images for the report");
  }

  @Test
  void saysALineForEachEpochAndTheResult() {
    assertThat(SAID.toString().lines().toList())
        .startsWith("run small in file:" + folder.root())
        .contains("2 epochs, 2 workers of batch 32, averaged every epoch")
        .contains("parameters-sha256 " + result.parametersSha256())
        .endsWith("result in file:" + folder.root().resolve("result.json"));
    assertThat(SAID.toString())
        .containsPattern("(?m)^train on  [0-9]+ images .*\\R^test on   [0-9]+ images ");
    assertThat(folder.root().resolve("report.html")).content().contains("trained on", "tested on");
    assertThat(SAID.toString().lines().filter(line -> line.startsWith("epoch ")))
        .hasSize(2)
        .allMatch(
            line ->
                line.matches(
                    "epoch [12]/2  train loss \\d\\.\\d{4}  accuracy \\d+\\.\\d\\d %  test loss \\d\\.\\d{4}  accuracy \\d+\\.\\d\\d %  [\\d,]+ images/s  \\d+\\.\\d s  ETA \\d+:\\d\\d"));
  }

  @Test
  void reportsAFinishedRunWithoutChangingAByte() {
    var before = folder.snapshot();
    StringWriter said = new StringWriter();

    RunResult again = run.train(said);

    assertThat(again).isEqualTo(result);
    assertThat(said.toString())
        .startsWith("run small is already finished; nothing was trained%n".formatted())
        .contains("parameters-sha256 " + result.parametersSha256());
    assertThat(folder.snapshot()).isEqualTo(before);
  }

  @Test
  void admitsThatAFinishedRunWasTrainedOnOtherFiles() {
    StringWriter said = new StringWriter();

    run.with("data.path", "/elsewhere").train(said);

    assertThat(said.toString())
        .startsWith(
            "warning: run small was trained on the images in %s; those in file:/elsewhere were not looked at%n"
                .formatted(run.config().data().path()));
  }

  @Test
  void leavesNoContextAndNoThreadBehind() {
    assertThat(SparkEnv.get()).isNull();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("featuremap"));
  }

  /** The training digits in the order of positions of a run's only worker. */
  private static Shard wholeShard(long seed) throws IOException {
    Path data = Path.of(run.config().data().path().toUri());
    byte[] pixels = Files.readAllBytes(data.resolve(MnistFiles.TRAIN_IMAGES));
    byte[] labels = Files.readAllBytes(data.resolve(MnistFiles.TRAIN_LABELS));
    int images = SmallRun.TRAINING_IMAGES;
    ShardLayout layout = new ShardLayout(images, 1, seed);
    long[] records = new long[images];
    int[] classes = new int[images];
    byte[] ordered = new byte[images * 784];
    for (int record = 0; record < images; record++) {
      int position = layout.positionOf(record);
      records[position] = record;
      classes[position] = labels[8 + record];
      System.arraycopy(pixels, 16 + record * 784, ordered, position * 784, 784);
    }
    return new MemoryShard(
        List.of(new ImageChunk(new Shape(1, 28, 28), records, classes, ordered)));
  }
}
