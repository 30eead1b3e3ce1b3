package dev.featuremap.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The other end of a {@link TrainerServer}: starts its process and asks it. */
final class TrainerProcess implements AutoCloseable {
  private final Contestant contestant;
  private final int threads;
  private final Path log;
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private TrainerProcess(Contestant contestant, int threads, Path log, Process process) {
    this.contestant = contestant;
    this.threads = threads;
    this.log = log;
    this.process = process;
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts a process for a number of threads.
   *
   * @param bench folder with the classes and class paths of all sides; receives the log
   * @param shared class path of what all sides need beside their own
   */
  static TrainerProcess start(Contestant contestant, int threads, Path bench, String shared)
      throws IOException {
    String own = Files.readString(bench.resolve(contestant.side() + ".classpath")).strip();
    Path log = bench.resolve(contestant.name() + "-run.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                String.join(":", bench.resolve(contestant.side()).toString(), shared, own),
                contestant.qualifiedMainClass()));
    if (!contestant.argument().isEmpty()) {
      command.add(contestant.argument());
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(contestant.environment(threads));
    return new TrainerProcess(contestant, threads, log, builder.start());
  }

  Contestant contestant() {
    return contestant;
  }

  /** Loads a network to time it. */
  void prepareToRun(String network, int batchSize) throws IOException {
    prepare(network, batchSize, true, 0);
  }

  /** Loads a network to check it: without dropout, and with a {@link Workload#disturbance}. */
  void prepareToCheck(String network, int batchSize, int disturbance) throws IOException {
    prepare(network, batchSize, false, disturbance);
  }

  private void prepare(String network, int batchSize, boolean dropout, int disturbance)
      throws IOException {
    ask("prepare %s %d %d %b %d".formatted(network, batchSize, threads, dropout, disturbance));
  }

  /** The loss of a mini-batch; its gradient is written to {@code file}. */
  double check(int batch, Path file) throws IOException {
    return Double.parseDouble(ask("check " + batch + " " + file));
  }

  /** Takes steps and returns the loss before each. */
  double[] losses(int steps) throws IOException {
    return Arrays.stream(ask("losses " + steps).split(" "))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  /** Trains for some time and returns images per second, by the clock or by CPU time. */
  double run(double seconds, boolean byCpu) throws IOException {
    return Double.parseDouble(ask("run " + seconds + (byCpu ? " cpu" : " clock")));
  }

  private String ask(String question) throws IOException {
    questions.write(question);
    questions.newLine();
    questions.flush();
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(TrainerServer.ANSWER)) {
        return line.substring(TrainerServer.ANSWER.length()).strip();
      }
      if (line.startsWith(TrainerServer.FAILURE)) {
        throw new IOException(line.substring(TrainerServer.FAILURE.length()).strip());
      }
    }
    throw new IOException(
        "Cannot run %s: its process ended, expected an answer to '%s'. See %s."
            .formatted(contestant.name(), question, log));
  }

  /** Ends the process. */
  @Override
  public void close() throws IOException {
    try {
      questions.close();
    } finally {
      process.destroy();
    }
  }
}
