/**
 * What a run shows while it runs.
 *
 * <p>May import {@code run}, {@code config}, {@code track} and the model.s {@code network}.
 */
package dev.featuremap.job.watch.console;
