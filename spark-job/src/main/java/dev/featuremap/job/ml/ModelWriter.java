package dev.featuremap.job.ml;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.MLWriter;

/** Writes a model: its params as Spark ML has them, then {@code model.safetensors} beside them. */
final class ModelWriter extends MLWriter {
  private final ModelFile file;
  private final MLWriter params;

  /**
   * A writer.
   *
   * @param params writes params into a directory that is not there
   */
  ModelWriter(ModelFile file, MLWriter params) {
    this.file = file;
    this.params = params;
  }

  @Override
  public void saveImpl(String path) {
    Path directory = Locations.parse("the model", path);
    try {
      params.session(sparkSession()).save(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path target = PathText.child(directory, RunDirectory.MODEL);
    Storage.of(target, Sessions.hadoop(sparkSession())).write(target, file::write);
  }
}
