/**
 * Directories of Parquet files that a command fills over several starts: each file is complete or
 * absent, and the directory says what it is for.
 *
 * <p>Read {@code ResumableDirectory} first, then {@code Claim}, by which a directory belongs to one
 * purpose, then {@code ParquetDirectory}, which gives a file its name when it is complete, then
 * {@code AttemptFence}, by which a newer start shuts out older ones.
 *
 * <p>One more command that fills a directory: an implementation of {@code
 * ResumableDirectory.Filling}, which knows the order of all steps, and a claim of what determines
 * the files. Take a fence where two starts would write other files for the same rows.
 */
package dev.featuremap.job.commands.output;
