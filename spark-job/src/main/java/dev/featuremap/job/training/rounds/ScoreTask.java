package dev.featuremap.job.training.rounds;

import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.TaskMemory;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.train.EvaluationPass;
import dev.featuremap.train.ScoredImages;
import dev.featuremap.train.Team;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;

/** Evaluates parameters on one shard, and gives the probabilities mini-batch by mini-batch. */
record ScoreTask(SentNetwork sent, Broadcast<float[]> parameters, Broadcast<LabelSets> sets)
    implements FlatMapFunction<Iterator<Shard>, ScoredImages> {

  @Override
  public Iterator<ScoredImages> call(Iterator<Shard> shards) {
    return TaskMemory.explain("evaluate", () -> score(shards));
  }

  private Iterator<ScoredImages> score(Iterator<Shard> shards) {
    Team team = TaskTeam.start();
    TaskCompletionListener closeTeam = task -> team.close();
    TaskContext.get().addTaskCompletionListener(closeTeam);
    EvaluationPass pass =
        EvaluationPass.scoring(
            sent.network(),
            KernelLookup.kernels(),
            parameters.value(),
            shards.next(),
            Optional.ofNullable(sets.value()),
            team);
    TaskCompletionListener closePass = task -> pass.close();
    TaskContext.get().addTaskCompletionListener(closePass);
    return new Explained(pass);
  }

  /** Spark takes one mini-batch after the other. */
  private record Explained(EvaluationPass pass) implements Iterator<ScoredImages> {
    @Override
    public boolean hasNext() {
      return pass.hasNext();
    }

    @Override
    public ScoredImages next() {
      return TaskMemory.explain("evaluate", pass::next);
    }
  }
}
