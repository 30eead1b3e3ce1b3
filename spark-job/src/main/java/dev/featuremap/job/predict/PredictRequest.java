package dev.featuremap.job.predict;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.models.ModelLocation;
import org.apache.hadoop.fs.Path;

/**
 * What to predict by, and of what.
 *
 * @param model the trained network
 * @param data where the images are
 * @param target directory that gets the files
 * @param imagesPerFile at most
 */
public record PredictRequest(
    ModelLocation model, DataSettings data, Path target, int imagesPerFile) {}
