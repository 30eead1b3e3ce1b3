/**
 * The {@code pack} command: images of any source as shuffled Parquet files in the layout of Hugging
 * Face, a file a task, each complete or absent.
 *
 * <p>May import {@code failure}, {@code config}, {@code image}, {@code source}, {@code cluster},
 * {@code output}, {@code checkpoint} (for its store), Spark, Hadoop, Parquet and Jackson.
 */
package dev.featuremap.job.commands.pack;
