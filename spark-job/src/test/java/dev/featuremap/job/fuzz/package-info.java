/**
 * Input as an enemy: parsers of whatever a job reads from files, fed with damaged input.
 *
 * <p>An {@link dev.featuremap.job.fuzz.InputParser} is a parser with inputs that it takes and the
 * failures that it may end with; {@link dev.featuremap.job.fuzz.InputParsers} lists all. {@link
 * dev.featuremap.job.fuzz.Mutations} damages inputs by a seed, {@link
 * dev.featuremap.job.fuzz.Trial} holds what must hold of each; {@code scripts/fuzz} does so for
 * long, and lets Jazzer look for inputs that reach new code through {@link
 * dev.featuremap.job.fuzz.FuzzTarget}.
 */
package dev.featuremap.job.fuzz;
