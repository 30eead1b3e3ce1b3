package dev.featuremap.job.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The classes of Spark as a short training run has them in memory, which the JVM shares with those
 * that start later: loading them takes a third of the processor time of such a run. It is made once
 * a build.
 */
final class ClassArchive {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path FILE = TARGET.resolve("spark.jsa");
  private static final int DIGITS = 100;
  private static final long LIMIT_SECONDS = 300;

  private ClassArchive() {}

  private static final class Made {
    static final List<String> OPTIONS = make();

    private static List<String> make() {
      try (FileChannel lock =
              FileChannel.open(
                  TARGET.resolve("spark.jsa.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock held = lock.lock()) {
        if (!Files.exists(FILE)) {
          train(Files.createTempDirectory(TARGET, "spark-jsa-"));
        }
        return held.isValid() && Files.size(FILE) > 0
            // A JVM that cannot use it says so, and loads its classes itself.
            ? List.of("-XX:SharedArchiveFile=" + FILE, "-Xlog:cds=off", "-Xlog:cds+dynamic=off")
            : List.of();
      } catch (IOException e) {
        return List.of();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }
  }

  /** Options of a JVM of the tests' JDK whose class path begins with {@link EmbeddedSpark#jars}. */
  static List<String> options() {
    return Made.OPTIONS;
  }

  /** An empty file stands for a JVM that cannot make one. */
  private static void train(Path directory) throws IOException, InterruptedException {
    Path made = directory.resolve("made");
    MnistFiles.firstDigits(directory, DIGITS, DIGITS, "");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-Xmx1g", "-XX:ArchiveClassesAtExit=" + made, "-Xlog:cds=off"));
    command.addAll(List.of("-Xlog:cds+dynamic=off", "-cp", EmbeddedSpark.jars()));
    command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", "local[2]"));
    command.addAll(List.of("--class", "dev.featuremap.job.cli.Featuremap"));
    command.addAll(List.of("--conf", "spark.ui.enabled=false"));
    command.add(EmbeddedSpark.applicationJar().toString());
    command.addAll(List.of("train", "--data=" + directory, "--output=" + directory));
    command.addAll(List.of("--run-id=classes", "--set=train.epochs=1"));
    Process process =
        EmbeddedSpark.jvm(EmbeddedSpark.OWN_JDK, directory, "archive", command).start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    if (!ended || process.exitValue() != 0 || !Files.exists(made)) {
      Files.createFile(FILE);
      return;
    }
    Files.move(made, FILE);
  }
}
