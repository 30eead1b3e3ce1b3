package dev.featuremap.job.commands.predict;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.models.lookup.ModelLocation;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What to predict by, and of what.
 *
 * @param model the trained network
 * @param data where the images are
 * @param keep expressions of SQL over the columns of a table that stand beside its predictions
 * @param features the layer whose output is written in place of predictions
 * @param top how many of the likeliest classes stand beside predictions; 0 for none
 * @param target directory that gets the files
 * @param imagesPerFile at most
 */
public record PredictRequest(
    ModelLocation model,
    DataSettings data,
    List<String> keep,
    Optional<String> features,
    int top,
    Path target,
    int imagesPerFile) {

  /** Copies the list. */
  public PredictRequest {
    keep = List.copyOf(keep);
  }
}
