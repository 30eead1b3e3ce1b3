/**
 * How a run is watched: what happens to it, told to whoever listens.
 *
 * <p>Read {@code RunListener} first. Console, report, event files, tracking servers and Spark's
 * metrics are listeners, and so is a warning that follows from the history of a run. One more
 * tracker is a {@code RunListener} in a package of its own and a line in {@code
 * dev.featuremap.job.training.run.Trackers}. One more thing to be told of is a method of {@code
 * RunListener} that does nothing by default, and its line in {@code RunListeners}.
 */
package dev.featuremap.job.watch;
