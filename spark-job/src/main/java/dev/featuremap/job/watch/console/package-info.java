/**
 * What a run shows while it runs.
 *
 * <p>Read {@code RunConsole} first: a method for each thing that it is told. One more column of an
 * epoch's line is in {@code EpochLine}, one more part of the table at the end in {@code TimeTable}.
 */
package dev.featuremap.job.watch.console;
