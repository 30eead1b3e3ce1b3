/**
 * The job as users run it: the packaged jar, spark-submit, real processes, real digits.
 *
 * <p>Processes write below {@code target/it}, where the logs of a failed test stay. A new fact
 * about runs takes {@link dev.featuremap.job.testing.TrainingRuns}; one about the command line
 * takes {@code SubmittedJob} alone.
 */
package dev.featuremap.job.it;
