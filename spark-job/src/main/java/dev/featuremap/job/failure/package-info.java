/**
 * How a command of Featuremap fails: an exit code and a message for the person who submitted it.
 *
 * <p>Code throws {@link dev.featuremap.job.failure.JobException} where it knows best what the user
 * can do about a failure; only the outermost frame of the command line turns it into a process exit
 * code. Everything else that is thrown counts as {@link
 * dev.featuremap.job.failure.ExitCode#INTERNAL}.
 *
 * <p>May import the JDK only. A new kind of failure is a constant of {@code ExitCode} and a factory
 * of {@code JobException}.
 */
package dev.featuremap.job.failure;
