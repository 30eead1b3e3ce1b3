package dev.featuremap.job.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A driver that a cluster has started.
 *
 * @param work the directory with what it writes
 */
public record ClusterDriver(Path work, long pid) {
  private static final Duration START = Duration.ofMinutes(3);

  /** Finds the drivers that run now. */
  interface Search {
    /** All of them, in any order. */
    List<ClusterDriver> drivers() throws IOException;
  }

  /**
   * Waits for a driver that has not been seen.
   *
   * @param seen directories of those that were; this one joins them
   */
  static ClusterDriver await(Search search, Set<Path> seen)
      throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(START);
    while (Instant.now().isBefore(deadline)) {
      for (ClusterDriver driver : search.drivers()) {
        if (seen.add(driver.work)) {
          return driver;
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IllegalStateException(
        "Cannot find a driver: the cluster must start it within %s, got none.".formatted(START));
  }

  /** What it has written to standard output so far. */
  public String output() throws IOException {
    return Files.readString(work.resolve("stdout"));
  }

  /** What it has written to standard error so far. */
  public String errors() throws IOException {
    return Files.readString(work.resolve("stderr"));
  }

  /** Waits until it has written a text to standard output. */
  public void awaitText(String text, Duration limit) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(limit);
    while (!output().contains(text)) {
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException(
            "Cannot see \"%s\": the driver must write it within %s. Its output is in %s."
                .formatted(text, limit, work));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
