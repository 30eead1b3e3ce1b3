/**
 * What a run will take, measured before its first round, and which settings would be faster.
 *
 * <p>Read {@code RunProbe}, which measures, then {@code RunEstimate}, which has the formula. One
 * more piece of advice is a method of {@code Advice} and its line in {@code Advice.of}.
 */
package dev.featuremap.job.training.estimate;
