package dev.featuremap.job.training.rounds;

import dev.featuremap.metric.LabelScores;
import dev.featuremap.metric.RankTally;
import dev.featuremap.train.ScoredImages;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** Counts how the images of a shard rank among those of each class. */
record RankTask(Broadcast<LabelScores> ofLabels, int classes)
    implements FlatMapFunction<Iterator<ScoredImages>, RankTally> {

  @Override
  public Iterator<RankTally> call(Iterator<ScoredImages> shard) {
    RankTally ranks = new RankTally(classes);
    shard.forEachRemaining(images -> images.rankInto(ranks, ofLabels.value()));
    return List.of(ranks).iterator();
  }
}
