package dev.featuremap.job.ml;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.decode.BadImageException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** Predicts the rows of a partition, of which it holds one mini-batch at a time. */
final class PredictRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;
  private static final int BATCH_SIZE = 256;

  private final String networkText;
  private final Broadcast<float[]> model;
  private final ImageReading reading;
  private final ImageColumn features;
  private final int column;
  private final PredictedColumns predicted;

  /**
   * A task.
   *
   * @param model parameters, then buffers
   * @param column the index of the features in a row
   */
  PredictRows(
      String networkText,
      Broadcast<float[]> model,
      ImageReading reading,
      ImageColumn features,
      int column,
      PredictedColumns predicted) {
    this.networkText = networkText;
    this.model = model;
    this.reading = reading;
    this.features = features;
    this.column = column;
    this.predicted = predicted;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    Team team = TaskTeam.start();
    TaskCompletionListener close = task -> team.close();
    TaskContext.get().addTaskCompletionListener(close);
    NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(networkText));
    Predictor predictor = new Predictor(plan, KernelLookup.kernels(), model.value(), team);
    return new Batches(rows, predictor, plan.classes());
  }

  private final class Batches implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Predictor predictor;
    private final int classes;
    private final float[] logits;
    private final float[] probabilities;
    private long read;
    private Iterator<Row> batch = Collections.emptyIterator();

    Batches(Iterator<Row> rows, Predictor predictor, int classes) {
      this.rows = rows;
      this.predictor = predictor;
      this.classes = classes;
      this.logits = new float[BATCH_SIZE * classes];
      this.probabilities = new float[BATCH_SIZE * classes];
    }

    @Override
    public boolean hasNext() {
      return batch.hasNext() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException("All rows are predicted.");
      }
      if (!batch.hasNext()) {
        batch = predict();
      }
      return batch.next();
    }

    private Iterator<Row> predict() {
      List<Row> inputs = new ArrayList<>();
      while (inputs.size() < BATCH_SIZE && rows.hasNext()) {
        inputs.add(rows.next());
      }
      int size = reading.shape().size();
      byte[] pixels = new byte[inputs.size() * size];
      for (int image = 0; image < inputs.size(); image++) {
        System.arraycopy(pixels(inputs.get(image)), 0, pixels, image * size, size);
      }
      int[] labels = new int[inputs.size()];
      ImageChunk images = new ImageChunk(reading.shape(), new long[labels.length], labels, pixels);
      predictor.outputsInto(new MemoryShard(List.of(images)), logits, probabilities);
      List<Row> outputs = new ArrayList<>(inputs.size());
      for (int image = 0; image < inputs.size(); image++) {
        outputs.add(
            predicted.append(
                inputs.get(image), outputs(logits, image), outputs(probabilities, image)));
      }
      return outputs.iterator();
    }

    private byte[] pixels(Row row) {
      long number = read++;
      Object value = row.get(column);
      String place =
          ImageColumn.place(value, "partition %s".formatted(TaskContext.getPartitionId()));
      try {
        return reading.pixels(number, place, features.content(value));
      } catch (BadImageException e) {
        throw JobException.badData(
            "Cannot predict row %s in %s: %s. Leave out rows that are no images."
                .formatted(number, place, e.getMessage()));
      }
    }

    private double[] outputs(float[] all, int image) {
      double[] own = new double[classes];
      for (int k = 0; k < classes; k++) {
        own[k] = all[image * classes + k];
      }
      return own;
    }
  }
}
