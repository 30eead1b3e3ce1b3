/**
 * The {@code predict} command: what a trained network says of the images of any source, as Parquet.
 *
 * <p>May import {@code failure}, {@code config}, {@code image}, {@code source}, {@code models},
 * {@code output}, {@code cluster}, {@code checkpoint} (for its store), Spark, Hadoop, Parquet and
 * Jackson.
 */
package dev.featuremap.job.commands.predict;
