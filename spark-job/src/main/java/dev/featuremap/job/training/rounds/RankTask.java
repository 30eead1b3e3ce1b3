package dev.featuremap.job.training.rounds;

import dev.featuremap.metric.LabelScores;
import dev.featuremap.metric.RankTally;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.train.ScoredImages;
import dev.featuremap.train.ScoredPart;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** Counts how the images of a shard rank among those of each class. */
record RankTask(Broadcast<LabelScores> ofLabels, Broadcast<LabelSets> sets)
    implements FlatMapFunction<Iterator<ScoredImages>, RankTally> {

  @Override
  public Iterator<RankTally> call(Iterator<ScoredImages> shard) {
    Optional<LabelSets> several = Optional.ofNullable(sets.value());
    RankTally ranks = ScoredPart.ranks(ofLabels.value(), several);
    shard.forEachRemaining(images -> images.rankInto(ranks, ofLabels.value(), several));
    return List.of(ranks).iterator();
  }
}
