package dev.featuremap.job.commands.export;

import dev.featuremap.job.models.lookup.ModelLocation;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * What to export, and where to.
 *
 * @param model the trained network
 * @param target directory that gets the files
 * @param formats at least one
 */
public record ExportRequest(ModelLocation model, Path target, List<ExportFormat> formats) {

  /** Copies the list. */
  public ExportRequest {
    formats = List.copyOf(formats);
  }
}
