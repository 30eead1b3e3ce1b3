/**
 * The configuration of a run: where settings come from, which win, and everything that is wrong
 * with them, said at once and before any work.
 *
 * <p>Read {@link dev.featuremap.job.config.JobConfigLoader} first, then {@code JobConfigReader} and
 * one of the sections, such as {@link dev.featuremap.job.config.CheckpointSettings}.
 *
 * <p>A new setting is a line in {@code conf/train.conf}, which alone holds its default, and a read
 * in its section's record; tests hold the two together. If it is part of the result, it is also a
 * line of {@code LATER} in {@link dev.featuremap.job.config.JobConfig}, or else its section is one
 * of those without influence. A key that goes or gets another name is a line of {@code FORMER} in
 * {@link dev.featuremap.job.config.Keys}.
 */
package dev.featuremap.job.config;
