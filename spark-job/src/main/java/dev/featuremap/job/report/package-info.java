/**
 * What a run shows while it runs.
 *
 * <p>May import {@code run} and the JDK.
 */
package dev.featuremap.job.report;
