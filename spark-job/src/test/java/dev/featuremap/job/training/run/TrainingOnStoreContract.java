package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What holds for a run whose images and directory lie on any one store. */
abstract class TrainingOnStoreContract {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private java.nio.file.Path directory;
  private java.nio.file.Path digits;
  private Path root;
  private FileSystem store;
  final StringWriter said = new StringWriter();

  /** An empty directory of the store, another one for each test. */
  abstract Path root();

  /** What a client of the store needs. */
  abstract Map<String, String> hadoopConfiguration();

  @BeforeEach
  void copyDigits() throws IOException {
    Configuration configuration = new Configuration();
    hadoopConfiguration()
        .forEach(
            (key, value) -> {
              configuration.set(key, value);
              SPARK.set("spark.hadoop." + key, value);
            });
    root = root();
    store = root.getFileSystem(configuration);
    digits = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    store.mkdirs(new Path(root, "data"));
    for (String name :
        List.of(
            MnistFiles.TRAIN_IMAGES,
            MnistFiles.TRAIN_LABELS,
            MnistFiles.TEST_IMAGES,
            MnistFiles.TEST_LABELS)) {
      store.copyFromLocalFile(
          new Path(digits.resolve(name).toUri()), new Path(root, "data/" + name));
    }
  }

  @Test
  void givesTheBitsOfALocalRunResumesAndStaysFinished() throws IOException {
    RunResult local = settings(SmallRun.of(digits, directory.resolve("runs"))).train();
    SmallRun run = run();

    RunResult stored = run.train();
    assertThat(stored.parametersSha256()).isEqualTo(local.parametersSha256());
    assertThat(stored.checkpoint()).startsWith(root + "/runs/small/checkpoints/2-");

    forgetAllAfterCheckpoint(3);
    assertThat(run.train(said).parametersSha256()).isEqualTo(local.parametersSha256());
    assertThat(said.toString().lines()).contains("resumes after epoch 0 and 3 rounds of the next");

    assertThat(store.listStatus(new Path(root, "runs/small/tensorboard")))
        .extracting(file -> file.getPath().getName())
        .containsExactlyInAnyOrder(
            "events.out.tfevents.0000000001.featuremap",
            "events.out.tfevents.0000000002.featuremap");

    SortedMap<Path, String> before = snapshot();
    assertThat(run.train(said).parametersSha256()).isEqualTo(local.parametersSha256());
    assertThat(said.toString()).contains("is already finished; nothing was trained");
    assertThat(snapshot()).isEqualTo(before);
  }

  /** Ten names that are patterns, escapes or URIs to whoever does not take them as they are. */
  List<String> oddNames() {
    return List.of("[1]", "{x,y}", "a b", "%41", "a+b", "*", "?", "#1", "caf\u00e9", "e\u0301");
  }

  @Test
  void readsFoldersOfAnyName() throws IOException {
    java.nio.file.Path folder = new DigitFiles(directory.resolve("folder"), 40, 80).folder();
    Path images = new Path(root, "any [1] {x,y} %41");
    for (String set : List.of("train", "test")) {
      for (int label = 0; label < 10; label++) {
        String name = oddNames().get(label);
        try (Stream<java.nio.file.Path> files =
            Files.list(folder.resolve(set).resolve("" + label))) {
          store.copyFromLocalFile(
              new Path(files.findFirst().orElseThrow().toUri()),
              new Path(images, "%s/%s/%s.png".formatted(set, name, name)));
        }
      }
    }

    SmallRun run = SmallRun.of(images, root + "/any [1] runs").with("train.batch-size", 5);

    assertThat(run.train(said).epochs()).isEqualTo(2);
    assertThat(said.toString()).contains("train on  10 images").contains(oddNames());
    assertThat(store.exists(new Path(root, "any [1] runs/small/_SUCCESS"))).isTrue();
  }

  /** Spark would pass over it without a word. */
  @Test
  void namesAFileOfATableWithoutAByte() throws IOException {
    Path table = new Path(root, "table/train");
    for (String name :
        List.of("label=a/_temporary/0/1.parquet", "label=a/2.parquet", "label=b/3.parquet")) {
      try (OutputStream out = store.create(new Path(table, name))) {
        out.write(new byte[name.contains("2") ? 1 : 0]);
      }
    }
    SmallRun run =
        SmallRun.of(root + "/table", root + "/runs")
            .with("data.format", "table")
            .with("data.train", "train")
            .with("data.test-fraction", 0.5);

    assertThatThrownBy(run::train)
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot read %s/label=b/3.parquet: it is empty, and a file of the format parquet never is. Write it again, or take it away."
                .formatted(table));
  }

  final SmallRun run() {
    return settings(SmallRun.of(root + "/data", root + "/runs"));
  }

  private static SmallRun settings(SmallRun run) {
    return run.with("sync.every", "3 steps")
        .with("train.optimizer.momentum", 0.9)
        .with("checkpoint.every-rounds", 1)
        .with("checkpoint.keep-last", 100)
        .with("tracking.tensorboard", true);
  }

  /** Every file of the run with its time and its content, byte by byte as characters. */
  final SortedMap<Path, String> snapshot() throws IOException {
    SortedMap<Path, String> files = new TreeMap<>();
    var found = store.listFiles(new Path(root, "runs"), true);
    while (found.hasNext()) {
      FileStatus file = found.next();
      try (InputStream in = store.open(file.getPath())) {
        String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        files.put(file.getPath(), file.getModificationTime() + "\n" + content);
      }
    }
    return files;
  }

  /** Leaves what a driver leaves that dies right after it has published that many checkpoints. */
  private void forgetAllAfterCheckpoint(int checkpoints) throws IOException {
    Path run = new Path(root, "runs/small");
    store.delete(new Path(run, "_SUCCESS"), false);
    store.delete(new Path(run, "result.json"), false);
    for (FileStatus manifest : store.listStatus(new Path(run, "manifests"))) {
      int number = Integer.parseInt(manifest.getPath().getName().replace(".json", ""));
      if (number > 1 + checkpoints) {
        store.delete(manifest.getPath(), false);
      }
    }
  }
}
