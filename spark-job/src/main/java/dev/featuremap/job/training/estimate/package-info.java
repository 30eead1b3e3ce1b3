/** What a run will take, measured before its first round, and which settings would be faster. */
package dev.featuremap.job.training.estimate;
