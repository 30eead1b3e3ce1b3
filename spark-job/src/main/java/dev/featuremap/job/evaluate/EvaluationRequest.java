package dev.featuremap.job.evaluate;

import dev.featuremap.job.config.ConfigRequest;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What to evaluate, and on what.
 *
 * @param run directory of a run, whose newest checkpoint is taken; or empty
 * @param checkpoint a checkpoint's directory or a model file; or empty
 * @param data settings of the data that replace those of the run, or the defaults without a run
 */
public record EvaluationRequest(
    Optional<Path> run, Optional<Path> checkpoint, ConfigRequest data) {}
