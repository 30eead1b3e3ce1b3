/**
 * The {@code evaluate} command: a trained network measured on test images.
 *
 * <p>Read first: {@code EvaluationJob}. What more it shall tell goes into its {@code print} for
 * people and into {@code EvaluationResult} for programs.
 */
package dev.featuremap.job.commands.evaluate;
