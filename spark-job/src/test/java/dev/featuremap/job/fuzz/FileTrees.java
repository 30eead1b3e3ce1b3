package dev.featuremap.job.fuzz;

import dev.featuremap.job.testing.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Directories as people have them and worse: names of any bytes, links to everywhere, pipes, marks
 * of other programs, archives and tables in between. The same seed and number give the same one.
 */
final class FileTrees {
  private static final int MOST_DEPTH = 3;
  private static final int MOST_ENTRIES = 6;

  private static final List<String> PARTS =
      List.of("train", "test", "val", "train_old", "training");

  private static final List<String> FOLDERS =
      List.of(
          "a",
          "b",
          "cat",
          "_background",
          ".git",
          "__MACOSX",
          "café",
          "cafe\u0301",
          "label=cat",
          "label=%41",
          "a b",
          "a+b",
          "a:b",
          "[1]",
          "{a,b}",
          "*",
          "?",
          "a\\b",
          "%41",
          "#1",
          "a\nb",
          "\u001b[31m",
          "\u202e",
          "_delta_log",
          "metadata",
          ".hoodie",
          "_temporary",
          "train.png",
          "null",
          "-",
          "~",
          "\"",
          "'",
          "x".repeat(200));

  private static final List<String> FILES =
      List.of(
          "a.png",
          "b.png",
          "A.PNG",
          "1.png",
          "01.png",
          "_DSC0001.png",
          ".hidden.png",
          "._a.png",
          "Thumbs.db",
          ".DS_Store",
          "notes.txt",
          "labels.csv",
          "a.xml",
          "_SUCCESS",
          "a.png.crc",
          ".a.png.crc",
          "2024-01-01T10:00:00.png",
          "a%20b.png",
          "a b.png",
          "[1].png",
          "é.png",
          "\uD83D\uDE00.png",
          "a\nb.png",
          "x.parquet",
          "part-00000.parquet",
          "a.tar",
          "a.tar.gz",
          "train.tar.gz",
          "train.zip",
          "train-images-idx3-ubyte",
          "data_batch_1.bin",
          "00000000000000000000.json",
          "v1.metadata.json",
          "_pack.json",
          "noextension");

  private final Path pool;
  private final List<Path> oddNames;
  private final long seed;

  /**
   * Prepares what trees are made of.
   *
   * @param pool an empty directory on the disk of the trees, which share its files
   */
  FileTrees(Path pool, long seed) throws IOException, InterruptedException {
    this.pool = pool;
    this.seed = seed;
    Files.write(pool.resolve("image"), Pictures.colourPng(3, 2));
    Files.write(pool.resolve("text"), "no image".getBytes(StandardCharsets.UTF_8));
    Files.write(pool.resolve("empty"), new byte[0]);
    Files.write(pool.resolve("parquet"), "PAR1 no table PAR1".getBytes(StandardCharsets.UTF_8));
    Path odd = Files.createDirectory(pool.resolve("odd"));
    // Names that no UTF-8 text has; only other programs can make them.
    run(
        odd,
        "mkfifo ../pipe; for n in '\\377.png' 'a\\200b' '\\303' '\\355\\240\\200.png';"
            + " do : > \"$(printf \"$n\")\"; done");
    try (Stream<Path> names = Files.list(odd)) {
      this.oddNames = names.map(Path::getFileName).sorted().toList();
    }
  }

  private static void run(Path directory, String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", script).directory(directory.toFile()).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("Cannot prepare file trees in %s.".formatted(directory));
    }
  }

  /** Makes a tree in a directory that does not exist. */
  void make(Path root, long number) throws IOException {
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number);
    Files.createDirectory(root);
    if (random.nextInt(4) == 0) {
      fill(root, root, random, 0);
      return;
    }
    for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
      Path part = root.resolve(PARTS.get(random.nextInt(PARTS.size())));
      if (!exists(part)) {
        Files.createDirectory(part);
        fill(root, part, random, 0);
      }
    }
    if (random.nextInt(3) == 0) {
      entry(root, root, random, MOST_DEPTH);
    }
  }

  private void fill(Path root, Path directory, SplittableRandom random, int depth)
      throws IOException {
    for (int entries = random.nextInt(MOST_ENTRIES + 1); entries > 0; entries--) {
      entry(root, directory, random, depth);
    }
  }

  private void entry(Path root, Path directory, SplittableRandom random, int depth)
      throws IOException {
    boolean folder = depth < MOST_DEPTH && random.nextInt(depth + 2) == 0;
    Path path = name(directory, folder ? FOLDERS : FILES, random);
    if (exists(path)) {
      return;
    }
    if (folder) {
      Files.createDirectory(path);
      fill(root, path, random, depth + 1);
      return;
    }
    switch (random.nextInt(24)) {
      case 0 -> Files.createSymbolicLink(path, Path.of("nothing"));
      case 1 -> Files.createSymbolicLink(path, Path.of("."));
      case 2 -> Files.createSymbolicLink(path, root);
      case 3 -> Files.createSymbolicLink(path, path.getFileName());
      case 4 -> Files.createSymbolicLink(path, pool.resolve("image"));
      case 5 -> Files.createSymbolicLink(path, Path.of("/dev/zero"));
      case 6 -> Files.createSymbolicLink(path, Path.of("a.png"));
      case 7 -> Files.createLink(path, pool.resolve("pipe"));
      case 8 -> Files.createLink(path, pool.resolve("empty"));
      case 9, 10 -> Files.createLink(path, pool.resolve("text"));
      case 11 -> Files.createLink(path, pool.resolve("parquet"));
      default -> Files.createLink(path, pool.resolve("image"));
    }
  }

  private Path name(Path directory, List<String> usual, SplittableRandom random) {
    if (random.nextInt(200) == 0) {
      return directory.resolve(oddNames.get(random.nextInt(oddNames.size())));
    }
    try {
      return directory.resolve(usual.get(random.nextInt(usual.size())));
    } catch (InvalidPathException e) {
      return directory.resolve("a.png"); // the JVM's locale has no such name
    }
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** All below a directory, which may hold links but is left by none, and the directory itself. */
  static void delete(Path root) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.forEach(paths::add);
    }
    for (int i = paths.size() - 1; i >= 0; i--) {
      Files.delete(paths.get(i));
    }
  }
}
