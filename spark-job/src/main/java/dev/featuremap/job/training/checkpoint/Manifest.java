package dev.featuremap.job.training.checkpoint;

import java.time.Instant;
import java.util.Optional;

/**
 * What one writer published under one number.
 *
 * @param number from 1, unique within the run by atomic creation
 * @param fence the number of the manifest by which its writer took the run over
 * @param nonce identifies the writer
 * @param createdAt the writer's clock; for people only
 * @param checkpoint nothing when a writer took over a run that had no checkpoint yet
 */
public record Manifest(
    long number, long fence, String nonce, Instant createdAt, Optional<Checkpoint> checkpoint) {}
