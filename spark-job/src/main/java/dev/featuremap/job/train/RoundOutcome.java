package dev.featuremap.job.train;

import dev.featuremap.train.JoinedVector;
import dev.featuremap.train.WorkerResult;
import java.util.List;

/**
 * What a round brings back to the driver.
 *
 * @param reports what each worker tells of its part, in worker order, without its vector
 * @param joined the vectors of all workers, joined
 */
record RoundOutcome(List<WorkerResult> reports, JoinedVector joined) {}
