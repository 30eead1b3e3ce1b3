/**
 * The command line: reads arguments, calls a use case, and turns every outcome into one message and
 * an exit code.
 *
 * <p>May import everything; nothing imports it. A new command is a class with picocli's
 * annotations, a line in {@code CommandTree} and a use case in {@code UseCases}.
 */
package dev.featuremap.job.cli;
