/**
 * Measures of how well predictions fit labels.
 *
 * <p>To add a metric, add its class; it takes counts or predictions, never a network, so that
 * partial results of workers can be merged.
 */
package dev.featuremap.metric;
