package dev.featuremap.job.commands.evaluate;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.models.lookup.ModelLocation;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What to evaluate, and on what.
 *
 * @param model the trained network
 * @param data settings of the data that replace those of the run, or the defaults without a run
 * @param result file that gets the outcome as JSON
 */
public record EvaluationRequest(ModelLocation model, ConfigRequest data, Optional<Path> result) {}
