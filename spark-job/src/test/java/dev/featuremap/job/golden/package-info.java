/**
 * Formats that cannot drift: files that earlier versions have written, in {@code
 * src/test/resources/golden}, and what those versions made of them. Today's commands must resume,
 * evaluate, predict and list them to the same digests.
 *
 * <p>{@code scripts/make-golden} has made them. Where a format has to change, the reader of the old
 * one stays, and the new one gets a directory beside {@code format-1}.
 */
package dev.featuremap.job.golden;
