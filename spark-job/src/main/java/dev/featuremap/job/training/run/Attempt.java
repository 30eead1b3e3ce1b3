package dev.featuremap.job.training.run;

import dev.featuremap.job.cluster.ClusterFaults;
import dev.featuremap.job.training.rounds.Preparation;

/**
 * What is known of one start of a run before it trains, and what Spark survives from then on.
 *
 * @param identity which start of which run
 * @param preparation what came before the first round, and what was expected of the rest
 * @param faults of this start
 */
record Attempt(RunIdentity identity, Preparation preparation, ClusterFaults faults) {}
