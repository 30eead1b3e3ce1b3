package dev.featuremap.job.ml;

import dev.featuremap.image.BadImageException;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.models.prediction.BatchPredictor;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.train.Team;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Predicts the rows of a partition, of which it holds one mini-batch at a time.
 *
 * @param model parameters, then buffers
 * @param column the index of the features in a row
 * @param layer whose output rows get; null for predictions
 */
record PredictRows(
    String networkText,
    Broadcast<float[]> model,
    ImageReading reading,
    ImageColumn features,
    int column,
    PredictedColumns predicted,
    String layer)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    Team team = TaskTeam.start();
    TaskCompletionListener close = task -> team.close();
    TaskContext.get().addTaskCompletionListener(close);
    NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(networkText));
    BatchPredictor<Row, Row> predictor =
        layer == null
            ? new BatchPredictor<>(plan, model.value(), team, new Form())
            : BatchPredictor.ofFeatures(plan, layer, model.value(), team, new Form());
    return predictor.of(rows);
  }

  private final class Form implements BatchPredictor.Form<Row, Row> {
    private long read;

    @Override
    public byte[] pixels(Row row) throws BadImageException {
      Object value = row.get(column);
      return reading.pixels(read++, place(value), features.content(value));
    }

    @Override
    public Row output(Row row, float[] logits, float[] probabilities) {
      return layer == null
          ? predicted.append(row, TrainedNetwork.wide(logits), TrainedNetwork.wide(probabilities))
          : PredictedColumns.append(row, List.of(Vectors.dense(TrainedNetwork.wide(logits))));
    }

    @Override
    public Row failed(Row row, BadImageException why) {
      throw JobException.badData(
          "Cannot predict row %s in %s: %s. Leave out rows that are no images."
              .formatted(read - 1, place(row.get(column)), why.getMessage()));
    }

    private String place(Object value) {
      return ImageColumn.place(value, "partition " + TaskContext.getPartitionId());
    }
  }
}
