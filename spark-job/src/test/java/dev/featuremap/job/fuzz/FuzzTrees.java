package dev.featuremap.job.fuzz;

import dev.featuremap.job.cli.FailureCodes;
import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.images.TreeTrial;
import dev.featuremap.job.images.source.SourceTrial;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Gives trees of files, and tables with damaged footers, to what reads images. Each must be read,
 * or refused with an exit code that is not {@code INTERNAL}, within a time.
 */
final class FuzzTrees {
  private static final int READ_EVERY = 500;
  private static final long LIST_NANOS = 30_000_000_000L;
  private static final long READ_NANOS = 120_000_000_000L;
  private static final int FOOTER_AND_LENGTH = 8;
  private static final int SHOWN = 10;

  private final Path directory;
  private final TreeTrial trial = new TreeTrial();
  private long problems;

  FuzzTrees(Path directory) {
    this.directory = directory;
  }

  /** Something that may fail. */
  private interface Step {
    String run() throws Exception;
  }

  /**
   * Makes so many trees and lists each; every {@value #READ_EVERY}th is read whole with Spark.
   *
   * @return true if there was no problem
   */
  boolean trees(long count, long seed) throws Exception {
    long begin = System.nanoTime();
    FileTrees trees = new FileTrees(Files.createDirectory(directory.resolve("pool")), seed);
    Path root = directory.resolve("tree");
    DataSettings settings = SourceTrial.settings(root);
    try (JavaSparkContext spark = spark()) {
      for (long number = 0; number < count; number++) {
        trees.make(root, number);
        String name = "tree " + number;
        attempt(name, LIST_NANOS, () -> trial.list(settings));
        if (number % READ_EVERY == 0) {
          attempt(
              name,
              READ_NANOS,
              () -> {
                trial.read(spark, settings);
                return null;
              });
        }
        FileTrees.delete(root);
      }
    }
    return report("trees", count, begin);
  }

  /**
   * Damages bytes of a table's footer in three ways, and cuts the file there.
   *
   * @param every 1 for each byte, 2 for every second one
   */
  boolean footers(int every) throws Exception {
    long begin = System.nanoTime();
    long tried = 0;
    try (JavaSparkContext spark = spark()) {
      SparkSession session = SparkSession.builder().config(spark.getConf()).getOrCreate();
      Path data = Files.createDirectory(directory.resolve("table"));
      new DigitFiles(data, 4, 2).parquet(session);
      Path part = part(data.resolve("train.parquet"));
      Files.delete(part.resolveSibling("." + part.getFileName() + ".crc"));
      byte[] whole = Files.readAllBytes(part);
      DataSettings settings = SourceTrial.settings(data);
      for (int at = footer(whole); at < whole.length; at += every) {
        for (int way = 0; way < 4; way++) {
          Files.write(part, damaged(whole, at, way));
          attempt(
              "footer, byte %s, way %s".formatted(at, way),
              READ_NANOS,
              () -> {
                trial.read(spark, settings);
                return null;
              });
          tried++;
        }
      }
    }
    return report("footers", tried, begin);
  }

  private static JavaSparkContext spark() {
    JavaSparkContext spark = LocalSpark.start("local[1]", FeaturemapKryoRegistrator.class);
    spark.setLogLevel("OFF");
    return spark;
  }

  private static Path part(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).max(Path::compareTo).get();
    }
  }

  /** Where the footer begins: its length stands before the last four bytes. */
  private static int footer(byte[] whole) {
    int at = whole.length - FOOTER_AND_LENGTH;
    int length = 0;
    for (int k = 3; k >= 0; k--) {
      length = (length << 8) | (whole[at + k] & 0xff);
    }
    return at - length;
  }

  private static byte[] damaged(byte[] whole, int at, int way) {
    if (way == 3) {
      return Arrays.copyOf(whole, at);
    }
    byte[] copy = whole.clone();
    copy[at] = (byte) (way == 0 ? copy[at] ^ 1 : way == 1 ? ~copy[at] : 0x7f);
    return copy;
  }

  private void attempt(String name, long limit, Step step) {
    long begin = System.nanoTime();
    String problem = null;
    try {
      problem = step.run();
    } catch (Throwable e) {
      if (FailureCodes.of(e) == ExitCode.INTERNAL) {
        problem = "unforeseen " + e + " at " + Arrays.stream(e.getStackTrace()).findFirst();
      }
    }
    long nanos = System.nanoTime() - begin;
    if (problem == null && nanos > limit) {
      problem = "took %s ms".formatted(nanos / 1_000_000);
    }
    if (problem != null && problems++ < SHOWN) {
      System.out.printf(Locale.ROOT, "%s: %s%n", name, problem);
    }
  }

  private boolean report(String what, long tried, long begin) {
    System.out.printf(
        Locale.ROOT,
        "%-18s %,9d inputs  %6.1f s  %d problems%n",
        what,
        tried,
        (System.nanoTime() - begin) / 1e9,
        problems);
    return problems == 0;
  }
}
