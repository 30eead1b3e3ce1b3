/**
 * How a command of Featuremap fails: an exit code and a message for the person who submitted it.
 *
 * <p>Read {@code ExitCode} first, then {@code StorageFault}, the table of what failures of storage
 * mean, and {@code SparkFailure}, what exceptions of Spark and of libraries for tables mean. Code
 * throws {@link dev.featuremap.job.failure.JobException} where it knows best what the user can do
 * about a failure; only the outermost frame of the command line turns it into a process exit code.
 * Everything else that is thrown counts as {@link dev.featuremap.job.failure.ExitCode#INTERNAL}.
 *
 * <p>One more kind of failure: a constant of {@code ExitCode}, a factory of {@code JobException}
 * and a line of the README's table. One more kind of {@code IOException}: a row of {@code
 * StorageFault}, and a line of {@code StorageFaultTest}.
 */
package dev.featuremap.job.failure;
