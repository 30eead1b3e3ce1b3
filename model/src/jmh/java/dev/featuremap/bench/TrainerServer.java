package dev.featuremap.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that holds one trainer and does what the lines of its standard input say:
 *
 * <pre>
 *   prepare &lt;network&gt; &lt;batch size&gt; &lt;threads&gt; &lt;dropout&gt; &lt;disturbance&gt;  ok
 *   check &lt;mini-batch&gt; &lt;file for the gradient&gt;                        ok &lt;loss&gt;
 *   losses &lt;steps&gt;                                                    ok &lt;loss&gt; ...
 *   run &lt;seconds&gt; &lt;clock or cpu&gt;                                      ok &lt;images per second&gt;
 * </pre>
 *
 * <p>Each line is answered by one that starts with {@value #ANSWER}, or with {@value #FAILURE}.
 */
public final class TrainerServer {
  /** Starts the answer to a line that was done; libraries print lines of their own. */
  static final String ANSWER = "bench:ok";

  /** Starts the answer to a line that failed; the reason follows. */
  static final String FAILURE = "bench:failed";

  private final OperatingSystemMXBean machine =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Trainer.Factory factory;
  private Workload workload;
  private Trainer trainer;
  private int next;

  private TrainerServer(Trainer.Factory factory) {
    this.factory = factory;
  }

  /** Serves until standard input ends. */
  public static void serve(Trainer.Factory factory) throws IOException {
    TrainerServer server = new TrainerServer(factory);
    PrintStream answers = System.out;
    System.setOut(System.err);
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      answers.println(server.answer(line));
      answers.flush();
    }
    server.close();
  }

  /** A failed line is the other side's to judge; this process is good for the next one. */
  private String answer(String line) {
    try {
      return ANSWER + " " + perform(line.split(" "));
    } catch (IOException | RuntimeException | LinkageError e) {
      e.printStackTrace();
      return FAILURE + " " + String.valueOf(e.getMessage()).replace('\n', ' ');
    }
  }

  private String perform(String[] words) throws IOException {
    return switch (words[0]) {
      case "prepare" -> prepare(words);
      case "check" -> check(Integer.parseInt(words[1]), Path.of(words[2]));
      case "losses" -> losses(Integer.parseInt(words[1]));
      case "run" -> run(Double.parseDouble(words[1]), words[2].equals("cpu"));
      default ->
          throw new IllegalArgumentException(
              "Cannot perform %s: expected prepare, check, losses or run.".formatted(words[0]));
    };
  }

  private String prepare(String[] words) {
    close();
    workload =
        new Workload(
            words[1],
            Integer.parseInt(words[2]),
            Integer.parseInt(words[3]),
            Boolean.parseBoolean(words[4]),
            Integer.parseInt(words[5]));
    trainer = factory.create(workload);
    next = 0;
    return "";
  }

  private String check(int batch, Path file) throws IOException {
    float[] gradient = new float[workload.plan().parameters()];
    double loss = trainer.lossAndGradient(batch, gradient);
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (float value : gradient) {
        out.writeFloat(value);
      }
    }
    return Double.toString(loss);
  }

  /** Takes steps and tells the loss before each. */
  private String losses(int steps) {
    float[] gradient = new float[workload.plan().parameters()];
    StringBuilder losses = new StringBuilder();
    for (int step = 0; step < steps; step++) {
      int batch = step % workload.batches();
      losses.append(trainer.lossAndGradient(batch, gradient)).append(' ');
      trainer.step(batch);
    }
    return losses.toString();
  }

  /** Runs for some time of the clock; the rate is by the clock, or by the process's CPU time. */
  private String run(double seconds, boolean byCpu) {
    long start = System.nanoTime();
    long startOfCpu = machine.getProcessCpuTime();
    long end = start + (long) (seconds * 1e9);
    long images = 0;
    long now;
    do {
      trainer.step(next);
      next = (next + 1) % workload.batches();
      images += workload.batchSize();
      now = System.nanoTime();
    } while (now < end);
    long spent = byCpu ? machine.getProcessCpuTime() - startOfCpu : now - start;
    return Double.toString(images * 1e9 / spent);
  }

  private void close() {
    if (trainer != null) {
      trainer.close();
      trainer = null;
    }
  }
}
