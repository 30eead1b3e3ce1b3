package dev.featuremap.bench.jmh;

import dev.featuremap.bench.FeaturemapTrainer;
import dev.featuremap.bench.StepFlops;
import dev.featuremap.bench.Workload;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.loss.LossFunction;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A whole training step: forward, backward, update of one mini-batch. */
@State(Scope.Benchmark)
public class TrainingStepBenchmark {
  /** A network of {@link Workload#NETWORKS}. */
  @Param({"N1", "N2", "N3", "N4", "N5"})
  public String network;

  /** Images of a mini-batch. */
  @Param({"10", "32", "128"})
  public int batch;

  /** Threads the trainer may use. */
  @Param("1")
  public int threads;

  private FeaturemapTrainer trainer;
  private int batches;
  private int next;
  private long flopsPerStep;

  /** Loads data and parameters. */
  @Setup(Level.Trial)
  public void load() {
    Workload workload = new Workload(network, batch, threads, true);
    trainer = new FeaturemapTrainer(workload);
    batches = workload.batches();
    flopsPerStep = batch * StepFlops.perImage(workload.plan());
    compileLoss(workload.plan());
  }

  /** A large network calls it too rarely to have it compiled within the seconds of a trial. */
  private static void compileLoss(NetworkPlan plan) {
    int classes = plan.classes();
    LossFunction loss = plan.spec().loss().over(classes, KernelLookup.kernels());
    float[] logits = Sizes.values(classes * Lanes.COUNT);
    float[] gradient = new float[logits.length];
    Targets targets = Targets.of(new int[Lanes.COUNT], Lanes.COUNT);
    LossTally tally = new LossTally();
    for (int call = 0; call < 30_000; call++) {
      loss.evaluate(logits, targets, gradient, tally);
    }
  }

  /** Trains on the next mini-batch. */
  @Benchmark
  public void step(Work work) {
    trainer.step(next);
    next = (next + 1) % batches;
    work.add(flopsPerStep, batch);
  }

  /** Ends the trainer's threads. */
  @TearDown(Level.Trial)
  public void close() {
    trainer.close();
  }
}
