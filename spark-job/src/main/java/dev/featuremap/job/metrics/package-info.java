/**
 * The values of a run in Spark's metric registry, from which Spark's own sinks (Prometheus, JMX,
 * StatsD, Graphite, CSV) take them.
 *
 * <p>May import {@code track}, {@code run}, Spark and Dropwizard's metrics.
 */
package dev.featuremap.job.metrics;
