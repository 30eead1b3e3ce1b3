package dev.featuremap.job.training.rounds;

import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.TaskMemory;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.train.PackedResult;
import dev.featuremap.train.Round;
import dev.featuremap.train.Team;
import dev.featuremap.train.WireFormat;
import dev.featuremap.train.Worker;
import dev.featuremap.train.WorkerResult;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** One worker's part of a round: a pure function of the state, the shard and the round. */
record RoundTask(TrainingPlan plan, Broadcast<float[]> state, Round round, WireFormat wire)
    implements Function2<Integer, Iterator<Shard>, Iterator<PackedResult>> {

  @Override
  public Iterator<PackedResult> call(Integer worker, Iterator<Shard> shards) {
    return TaskMemory.explain("train worker " + worker, () -> train(worker, shards));
  }

  private Iterator<PackedResult> train(Integer worker, Iterator<Shard> shards) {
    try (Team team = TaskTeam.start()) {
      Worker trainer =
          new Worker(
              worker, plan.network(), plan.training(), KernelLookup.kernels(), shards.next(), team);
      WorkerResult result = trainer.run(state.value(), round);
      WorkerResult report = result.report().timed(result.time().in(SparkEnv.get().executorId()));
      int parameters = plan.network().parameters();
      return List.of(
              new PackedResult(
                  report, wire.pack(result.vector(), state.value(), parameters, round)))
          .iterator();
    }
  }
}
