/**
 * The {@code publish}, {@code rollback} and {@code history} commands; none needs Spark.
 *
 * <p>May import {@code models}, {@code registry}, {@code run}, {@code checkpoint} (for its store),
 * {@code failure} and Hadoop.
 */
package dev.featuremap.job.commands.publish;
