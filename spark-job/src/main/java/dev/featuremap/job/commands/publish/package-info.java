/**
 * The {@code publish}, {@code rollback} and {@code history} commands; none needs Spark.
 *
 * <p>Read {@code PublishJob} first. One more condition of a publication: a component of {@code
 * PublishRequest}, an option of the command, and a check in {@code PublishJob.run} before anything
 * is written, which ends with {@code REFUSED}. One more fact in {@code --result}: a component of
 * {@code record.PublicationResult}.
 */
package dev.featuremap.job.commands.publish;
