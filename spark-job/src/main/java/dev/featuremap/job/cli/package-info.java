/**
 * The command line: reads arguments, lets a job do what they ask for, and turns every outcome into
 * one message and an exit code.
 *
 * <p>Read first: {@code Featuremap}, {@code JobCommand} and {@code PackCommand}.
 *
 * <p>A new command is a class beside {@code PackCommand}, which extends {@code JobCommand}: its
 * options, the request they make, and the job that does it. Options that other commands have too
 * are mixins: {@code ConfigOptions}, {@code DataOptions}, {@code RunOptions}, {@code ModelOptions},
 * {@code TargetOptions}. It gets a line in {@code CommandTree}, and its name a place in {@code
 * COMMANDS} of {@code scripts/featuremap}. What the command does is a package of {@code commands}.
 */
package dev.featuremap.job.cli;
