package dev.featuremap.bench;

import dev.featuremap.optimizer.Adam;
import dev.featuremap.optimizer.Muon;
import dev.featuremap.optimizer.Optimizer;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Muon adds to a training step of Adam: both train the same network in one process and take
 * turns, and the ratio is the median of the ratios of neighbouring turns.
 *
 * <p>Arguments: comma-separated lists of threads, networks and batch sizes, and {@code clock} or
 * {@code cpu}. With {@code cpu}, seconds are those that the calling thread had a processor, which
 * other users of the machine disturb less; that says nothing about more than one thread.
 */
public final class OptimizerCost {
  private static final int TURNS = 11;
  private static final double TURN_SECONDS = 0.4;
  private static final double WARM_UP_SECONDS = 4;

  private final boolean byCpu;

  private OptimizerCost(boolean byCpu) {
    this.byCpu = byCpu;
  }

  /** Runs and prints. */
  public static void main(String[] args) {
    OptimizerCost cost = new OptimizerCost(args[3].equals("cpu"));
    System.out.printf("Java %s, by %s, medians of %d turns%n", Runtime.version(), args[3], TURNS);
    System.out.println("network               threads batch  adam ms  muon ms   more");
    for (String network : args[1].split(",")) {
      for (String threads : args[0].split(",")) {
        for (String batch : args[2].split(",")) {
          cost.compare(
              new Workload(network, Integer.parseInt(batch), Integer.parseInt(threads), true));
        }
      }
    }
  }

  private void compare(Workload workload) {
    Map<String, Optimizer> optimizers = new LinkedHashMap<>();
    optimizers.put("adam", new Adam(0.9, 0.999, 1e-8, 0));
    optimizers.put("muon", new Muon(0.95, 0.9, 0.999, 1e-8, 0));
    Map<String, FeaturemapTrainer> trainers = new LinkedHashMap<>();
    Map<String, Rates> rates = new LinkedHashMap<>();
    optimizers.forEach(
        (name, optimizer) -> {
          trainers.put(name, new FeaturemapTrainer(workload, optimizer));
          rates.put(name, new Rates());
        });
    trainers.values().forEach(trainer -> rate(trainer, workload, WARM_UP_SECONDS));
    for (int turn = 0; turn < TURNS; turn++) {
      trainers.forEach(
          (name, trainer) -> rates.get(name).add(rate(trainer, workload, TURN_SECONDS)));
    }
    System.out.printf(
        "%-21s %7d %5d %8.3f %8.3f %5.1f %%%n",
        workload.network(),
        workload.threads(),
        workload.batchSize(),
        1e3 * workload.batchSize() / rates.get("adam").median(),
        1e3 * workload.batchSize() / rates.get("muon").median(),
        100 * (rates.get("adam").ratioTo(rates.get("muon")) - 1));
    trainers.values().forEach(FeaturemapTrainer::close);
  }

  /** Images a second over a turn. */
  private double rate(FeaturemapTrainer trainer, Workload workload, double seconds) {
    long images = 0;
    long begin = System.nanoTime();
    double from = now();
    for (int batch = 0; System.nanoTime() - begin < seconds * 1e9; batch++) {
      trainer.step(batch % workload.batches());
      images += workload.batchSize();
    }
    return images / (now() - from);
  }

  private double now() {
    long nanos =
        byCpu ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
    return nanos / 1e9;
  }
}
