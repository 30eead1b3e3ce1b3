package dev.featuremap.bench.jmh;

import dev.featuremap.bench.Workload;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Probabilities of images that are decoded already; each thread has a network of its own. */
@State(Scope.Thread)
public class PredictionBenchmark {
  private static final long SEED = 7;

  /** A network of {@link Workload#NETWORKS}, or of {@code conf/networks}. */
  @Param("N4")
  public String network;

  private Predictor predictor;
  private Shard shard;
  private float[] probabilities;
  private float[] logits;

  /** Makes the network and the images. */
  @Setup(Level.Trial)
  public void load() {
    Workload workload = new Workload(network, Workload.IMAGES, 1, true);
    NetworkPlan plan = workload.plan();
    float[] model = plan.initialState(SEED, 0);
    predictor = new Predictor(plan, KernelLookup.kernels(), model, Team.alone());
    shard = new MemoryShard(List.of(workload.chunk()));
    probabilities = new float[Workload.IMAGES * plan.classes()];
    logits = new float[probabilities.length];
  }

  /** Predicts all images. */
  @Benchmark
  public float[] predict(Work work) {
    predictor.outputsInto(shard, logits, probabilities);
    work.add(0, Workload.IMAGES);
    return probabilities;
  }
}
