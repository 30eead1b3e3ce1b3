package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.train.JoinedVector;
import dev.featuremap.train.PackedResult;
import dev.featuremap.train.Round;
import dev.featuremap.train.Slices;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.WireFormat;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.WorkerResult;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Measures what a round costs besides training: workers return the state they were sent. Run by
 * {@code scripts/round-cost}.
 */
public final class RoundCost {
  private static final Round ROUND = Round.ofEpoch(0, 1, SyncRule.EPOCH).get(0);

  /**
   * Shuffled results lie on disk once, and so do those of the round before until they are cleaned.
   */
  private static final int DISK_COPIES = 2;

  private final JavaSparkContext spark;
  private final int parameters;
  private final int workers;

  /** Values that no codec makes shorter, as those of trained parameters are. */
  private final float[] state;

  private RoundCost(JavaSparkContext spark, int parameters, int workers) {
    this.spark = spark;
    this.parameters = parameters;
    this.workers = workers;
    this.state = new float[parameters];
    SplittableRandom random = new SplittableRandom(1);
    for (int k = 0; k < parameters; k++) {
      state[k] = (float) random.nextGaussian();
    }
  }

  /** Takes two lists, of parameters and of workers, such as {@code 250000,2500000 2,16}. */
  public static void main(String[] arguments) {
    try (JobContext context = SparkContexts.start("featuremap round cost")) {
      System.out.println("parameters  workers   empty job     driver  executors");
      for (int parameters : numbers(arguments[0])) {
        for (int workers : numbers(arguments[1])) {
          System.out.println(new RoundCost(context.spark(), parameters, workers).row());
        }
      }
    }
  }

  private static int[] numbers(String list) {
    return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  private String row() {
    long bytes = (long) Float.BYTES * parameters * workers;
    boolean fits = bytes < Runtime.getRuntime().maxMemory() / 2;
    return String.format(
        Locale.ROOT,
        "%,10d %8d %11s %10s %10s",
        parameters,
        workers,
        milliseconds(Optional.of(this::emptyJob)),
        milliseconds(Optional.<Runnable>of(this::joinedByTheDriver).filter(way -> fits)),
        milliseconds(
            Optional.<Runnable>of(this::joinedByExecutors)
                .filter(way -> bytes < localDirectory().getUsableSpace() / DISK_COPIES)));
  }

  private static File localDirectory() {
    return new File(System.getProperty("java.io.tmpdir"));
  }

  /**
   * The median of five rounds after two, of three where a round takes seconds; one of minutes
   * counts.
   */
  private static String milliseconds(Optional<Runnable> round) {
    if (round.isEmpty()) {
      return "-";
    }
    double first = seconds(round.get());
    if (first > 60) {
      return String.format(Locale.ROOT, "%,.0f ms", 1e3 * first);
    }
    int repetitions = first > 5 ? 3 : 5;
    seconds(round.get());
    double[] measured =
        IntStream.range(0, repetitions).mapToDouble(k -> seconds(round.get())).sorted().toArray();
    return String.format(Locale.ROOT, "%,.0f ms", 1e3 * measured[repetitions / 2]);
  }

  private static double seconds(Runnable round) {
    long begin = System.nanoTime();
    round.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  private void emptyJob() {
    numbered().count();
  }

  private void joinedByTheDriver() {
    Broadcast<float[]> shared = spark.broadcast(state);
    List<WorkerResult> results =
        results(shared).collect().stream().map(result -> result.unpack(state, 0)).toList();
    JoinedVector joined = JoinedVector.of(ROUND, state, parameters, results);
    require(joined);
    shared.destroy(true);
  }

  private void joinedByExecutors() {
    Broadcast<float[]> shared = spark.broadcast(state);
    Slices slices = Slices.of(parameters, workers);
    SlicedRound round = new SlicedRound(shared, ROUND, slices, parameters, workers, workers);
    require(round.join(results(shared)).joined());
    shared.destroy(true);
  }

  private void require(JoinedVector joined) {
    if (joined.values().length != parameters) {
      throw new IllegalStateException("A round lost parameters.");
    }
  }

  private JavaRDD<PackedResult> results(Broadcast<float[]> shared) {
    return numbered().map(worker -> result(worker, shared));
  }

  private static PackedResult result(int worker, Broadcast<float[]> shared) {
    float[] state = shared.value().clone();
    return new PackedResult(
        new WorkerResult(worker, new float[0], 1, 0, 0, "none", "", WorkTime.NONE),
        WireFormat.FLOAT32.pack(state, state, state.length, ROUND));
  }

  private JavaRDD<Integer> numbered() {
    return spark.parallelize(IntStream.range(0, workers).boxed().toList(), workers);
  }
}
