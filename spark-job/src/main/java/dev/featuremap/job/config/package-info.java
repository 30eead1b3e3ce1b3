/**
 * The configuration of a run: where settings come from, which win, and everything that is wrong
 * with them, said at once and before any work.
 *
 * <p>May import {@code failure}, {@code run}, {@code image}, the model, {@code com.typesafe.config}
 * and Hadoop's client; knows no Spark. A new setting is a line in {@code conf/train.conf}, which
 * holds its default, and a read in {@code JobConfigReader}; tests hold the two together.
 */
package dev.featuremap.job.config;
