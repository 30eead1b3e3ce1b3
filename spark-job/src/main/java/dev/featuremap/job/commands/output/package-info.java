/**
 * Directories of Parquet files that a command fills over several starts: each file is complete or
 * absent, and the directory says what it is for.
 *
 * <p>May import {@code failure}, {@code checkpoint} (for its store), Hadoop and Parquet.
 */
package dev.featuremap.job.commands.output;
