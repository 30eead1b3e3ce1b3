/**
 * One run as others see it: its id, the names in its directory, and the JSON files there.
 *
 * <p>Read {@code RunDirectory} first: it names every file. Everything here is a pure value; who
 * reads and writes the files is the trainer. {@code status.json}, {@code metrics.jsonl} and {@code
 * result.json} are views: they can be rebuilt from the run's manifests. {@code Json} reads and
 * writes the JSON of the whole program.
 *
 * <p>One more file of a run: a path of {@code RunDirectory}, and a record that turns itself into
 * text by {@code Json.object} and back by {@code Json.parse}. A field that is added later is read
 * only if it is there: runs of earlier versions go on.
 */
package dev.featuremap.job.record;
