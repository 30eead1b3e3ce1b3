package dev.featuremap.job.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** One process of a race to create the same keys; prints the keys that it won. */
final class CreateRace {
  static final int KEYS = 25;
  private static final int WRITERS = 4;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private CreateRace() {}

  static Process start(org.apache.hadoop.fs.Path directory, String writer) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CreateRace.class.getName(),
            directory.toString(),
            writer)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Waits for the other processes, then races through all keys. */
  public static void main(String[] arguments) throws Exception {
    org.apache.hadoop.fs.Path directory = new org.apache.hadoop.fs.Path(arguments[0]);
    byte[] content = arguments[1].getBytes(StandardCharsets.UTF_8);
    Storage storage = Storage.of(directory, new Configuration());
    Path ready = Path.of(directory.toUri().getPath(), "ready");
    Files.createDirectories(ready);
    Files.createFile(ready.resolve(arguments[1]));
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (count(ready) < WRITERS) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Only %s writers started".formatted(count(ready)));
      }
      Thread.sleep(1);
    }
    for (int key = 0; key < KEYS; key++) {
      String name = "key-" + key;
      if (storage.createIfAbsent(new org.apache.hadoop.fs.Path(directory, name), content)) {
        System.out.println(name);
      }
    }
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }
}
