package dev.featuremap.job.ml;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.RunDirectory;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.MLReader;

/** Reads what {@link ModelWriter} has written. */
final class ModelReader extends MLReader<CnnClassificationModel> {

  private static final class Stored implements DefaultParamsReadable<CnnClassificationModel> {}

  @Override
  public CnnClassificationModel load(String path) {
    Path directory = Locations.parse("the model", path);
    CnnClassificationModel params = new Stored().read().session(sparkSession()).load(path);
    ModelFile file =
        new ModelLookup(Sessions.hadoop(sparkSession()), "load")
            .at(ModelLocation.at(PathText.child(directory, RunDirectory.MODEL)));
    CnnClassificationModel model = new CnnClassificationModel(params.uid(), file);
    return params.copyValues(model, ParamMap.empty());
  }
}
