package dev.featuremap.job.training.run;

import java.time.Instant;

/**
 * Which attempt at which run this driver is.
 *
 * @param fingerprint of the settings that determine the result
 * @param started when the first attempt started
 * @param attempt drivers that have worked on the run, this one included
 */
record RunIdentity(String fingerprint, Instant started, int attempt) {}
