package dev.featuremap.job.training.estimate;

import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.TaskMemory;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.job.training.rounds.Laps;
import dev.featuremap.job.training.rounds.TrainingPlan;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.train.Round;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.Team;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.Worker;
import dev.featuremap.train.WorkerResult;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * Times real steps on a shard, on a state that is thrown away: twice as many each time, until they
 * are compiled, and no longer become faster. Until then they are no loss, since the run would have
 * to pass them itself.
 *
 * @param sharesGradients how workers will train
 * @param stepsOfRun steps that a core will take in the run
 * @param otherSeconds what the run takes besides them
 */
record StepProbe(
    TrainingPlan plan,
    Broadcast<float[]> state,
    boolean sharesGradients,
    double stepsOfRun,
    double otherSeconds)
    implements Function2<Integer, Iterator<Shard>, Iterator<WorkTime>> {
  private static final int MOST_STEPS = 1 << 20;

  /** Steps that take less together say little. */
  private static final double SETTLED_SECONDS = 0.2;

  /** What steps may take of the time of those before to count as no faster. */
  private static final double SETTLED_SHARE = 0.8;

  /** What compilers may take of the time of steps that count as compiled. */
  private static final double COMPILING_SHARE = 0.1;

  /** A step's time if there is one; its begin and end are no readings of a clock. */
  @Override
  public Iterator<WorkTime> call(Integer index, Iterator<Shard> shards) {
    return TaskMemory.explain("try steps of worker " + index, () -> time(index, shards));
  }

  private Iterator<WorkTime> time(Integer index, Iterator<Shard> shards) {
    Shard shard = shards.next();
    try (Team team = TaskTeam.start()) {
      Worker worker =
          new Worker(index, plan.network(), plan.training(), KernelLookup.kernels(), shard, team);
      return time(worker, shard.size()).stream().iterator();
    }
  }

  /** The time of a step, once it no longer falls; none where the run is over before that pays. */
  private Optional<WorkTime> time(Worker worker, int images) {
    int epoch = Round.stepsPerEpoch(images, plan.training().batchSize());
    Laps laps = new Laps();
    double spent = 0;
    double before = Double.POSITIVE_INFINITY;
    double compiled = compilingSeconds();
    for (int steps = 1; ; steps = Math.min(2 * steps, MOST_STEPS)) {
      WorkTime step = step(worker, steps, epoch);
      double seconds = laps.lap();
      double compiling = compilingSeconds() - compiled;
      if (seconds > SETTLED_SECONDS
          && step.nanos() > SETTLED_SHARE * before
          && compiling < COMPILING_SHARE * seconds) {
        return Optional.of(step);
      }
      compiled += compiling;
      spent += seconds;
      before = step.nanos();
      double run = stepsOfRun * step.nanos() / 1e9 + otherSeconds;
      if (run < RunProbe.SHORT_RUN_SECONDS || spent > RunProbe.budgetSeconds(run)) {
        return Optional.empty();
      }
    }
  }

  /** The mean of so many steps, which go over the shard as often as they need to. */
  private WorkTime step(Worker worker, int steps, int epoch) {
    SyncRule every = sharesGradients ? SyncRule.EVERY_STEP : SyncRule.EPOCH;
    long nanos = 0;
    long waitNanos = 0;
    long images = 0;
    for (int done = 0; done < steps; done += epoch) {
      for (Round round : Round.ofEpoch(0, Math.min(epoch, steps - done), every)) {
        WorkerResult result = worker.run(state.value(), round);
        nanos += result.time().nanos();
        waitNanos += result.time().waitNanos();
        images += result.images();
      }
    }
    double perStep = (double) plan.training().batchSize() / images;
    return new WorkTime("", 0, Math.round(nanos * perStep), Math.round(waitNanos * perStep));
  }

  /** What this process has spent on compiling so far; 0 where it does not say. */
  private static double compilingSeconds() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    return compiler != null && compiler.isCompilationTimeMonitoringSupported()
        ? compiler.getTotalCompilationTime() / 1e3
        : 0;
  }
}
