/**
 * Directories of Parquet files that a command fills over several starts: each file is complete or
 * absent, and the directory says what it is for.
 *
 * <p>Read {@code Claim} first, by which a directory belongs to one purpose, then {@code
 * ParquetDirectory}, which gives a file its name when it is complete, then {@code AttemptFence}, by
 * which a newer start shuts out older ones.
 *
 * <p>One more command that fills a directory: claim it with what determines the files; empty the
 * directory of unfinished ones; write the files that are missing; read them back; write {@code
 * _SUCCESS} last. Take a fence where two starts would write other files for the same rows.
 */
package dev.featuremap.job.commands.output;
