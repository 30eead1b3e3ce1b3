package dev.featuremap.job.testing;

import java.io.IOException;

/** Signals to processes, by their ids. */
public final class Signals {
  private Signals() {}

  /**
   * Sends a signal.
   *
   * @param name as {@code kill -s} takes it
   * @return false when there is no such process any more
   */
  public static boolean send(String name, long pid) throws IOException, InterruptedException {
    return new ProcessBuilder("kill", "-s", name, Long.toString(pid)).inheritIO().start().waitFor()
        == 0;
  }
}
