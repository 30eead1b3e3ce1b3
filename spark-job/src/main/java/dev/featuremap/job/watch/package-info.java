/**
 * How a run is watched: what happens to it, told to whoever listens.
 *
 * <p>Console, report, event files, tracking servers and Spark's metrics are listeners. May import
 * {@code run}, {@code config}, {@code failure}, Hadoop's {@code Path} and the model. One more
 * tracker is a {@code RunListener} in a package of its own and a line in {@code
 * dev.featuremap.job.training.run.Trackers}.
 */
package dev.featuremap.job.watch;
