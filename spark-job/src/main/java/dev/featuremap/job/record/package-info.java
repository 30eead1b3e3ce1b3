/**
 * One run as others see it: its id, the names in its directory, and the JSON files there.
 *
 * <p>Everything here is a pure value; who reads and writes the files is the trainer. {@code
 * status.json}, {@code metrics.jsonl} and {@code result.json} are views: they can be rebuilt from
 * the run's manifests.
 *
 * <p>May import {@code failure}, Hadoop's {@code Path} and Jackson. A new file of the run directory
 * is a path of {@code RunDirectory} and a record that turns itself into text and back.
 */
package dev.featuremap.job.record;
