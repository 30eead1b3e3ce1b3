/**
 * The values of a run in Spark's metric registry, from which Spark's own sinks (Prometheus, JMX,
 * StatsD, Graphite, CSV) take them.
 *
 * <p>The package stands where it is because the name of {@code RunMetrics} is part of the names
 * that dashboards read. One more gauge: a value that {@code RunGauges} puts when it is told of it.
 */
package dev.featuremap.job.metrics;
