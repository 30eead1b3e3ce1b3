package dev.featuremap.job.evaluate;

import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What to evaluate, and on what.
 *
 * @param run directory of a run, whose newest checkpoint is taken; or empty
 * @param checkpoint a checkpoint's directory or a model file; or empty
 * @param data directory with the IDX files; empty for the data of the run, or the default
 */
public record EvaluationRequest(
    Optional<Path> run, Optional<Path> checkpoint, Optional<Path> data) {}
