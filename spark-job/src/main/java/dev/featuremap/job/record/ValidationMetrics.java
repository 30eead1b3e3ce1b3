package dev.featuremap.job.record;

/**
 * What an epoch achieved on the validation images.
 *
 * @param loss mean loss
 * @param accuracy share classified correctly, 0 to 1
 */
public record ValidationMetrics(double loss, double accuracy) {}
