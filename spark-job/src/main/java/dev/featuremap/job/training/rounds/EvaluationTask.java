package dev.featuremap.job.training.rounds;

import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.TaskMemory;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.Team;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** Evaluates parameters on one shard. */
record EvaluationTask(SentNetwork sent, Broadcast<float[]> parameters, Broadcast<LabelSets> sets)
    implements FlatMapFunction<Iterator<Shard>, Evaluation> {

  @Override
  public Iterator<Evaluation> call(Iterator<Shard> shards) {
    return TaskMemory.explain("evaluate", () -> evaluate(shards));
  }

  private Iterator<Evaluation> evaluate(Iterator<Shard> shards) {
    NetworkPlan plan = sent.network();
    try (Team team = TaskTeam.start()) {
      Evaluation evaluation =
          Evaluation.of(
              plan,
              KernelLookup.kernels(),
              parameters.value(),
              shards.next(),
              Optional.ofNullable(sets.value()),
              team);
      return List.of(evaluation).iterator();
    }
  }
}
