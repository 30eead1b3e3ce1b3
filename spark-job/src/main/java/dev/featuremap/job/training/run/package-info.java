/**
 * The life of a run: from configuration to result, with its progress as checkpoints and its files
 * for people and schedulers.
 *
 * <p>Read {@code TrainingJob}, then {@code TrainingRun}, which is one attempt in seven stages. One
 * more stage is a method of {@code TrainingRun}, called where its place is. Whoever only wants to
 * know of a run is a listener ({@code watch}); one more view in the directory is a method of {@code
 * RunFiles}, written by {@code RunViews}.
 */
package dev.featuremap.job.training.run;
