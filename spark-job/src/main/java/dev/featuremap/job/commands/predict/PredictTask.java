package dev.featuremap.job.commands.predict;

import dev.featuremap.job.cluster.TaskMemory;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.job.commands.output.AttemptFence;
import dev.featuremap.job.commands.output.ParquetDirectory;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.models.prediction.BatchPredictor;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.train.Team;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Predicts the records of one partition and writes them file by file.
 *
 * <p>AttemptFence, partition and number name a file. Spark computes a partition again as it was, so
 * a second attempt at it finds the files of the first and passes over their records.
 *
 * @param model parameters, then buffers
 * @param start may be shut out by another one meanwhile
 * @param kept columns of the records
 * @param features the layer whose output is written; null for predictions
 * @param several whether images may have several labels
 * @param top how many of the likeliest classes rows name; 0 for none
 */
record PredictTask(
    String networkText,
    List<String> labels,
    Broadcast<float[]> model,
    ImageReading reading,
    AttemptFence start,
    Broadcast<SerializableConfiguration> hadoop,
    int imagesPerFile,
    StructType kept,
    String features,
    boolean several,
    int top)
    implements Function2<Integer, Iterator<SourceRecord>, Iterator<String>> {

  /** What names of files begin with. */
  static final String PART = "part-";

  @Override
  public Iterator<String> call(Integer partition, Iterator<SourceRecord> records) {
    return TaskMemory.explain("predict", () -> predict(partition, records));
  }

  /** What names of one start's files begin with. */
  static String prefix(AttemptFence start) {
    return PART + String.format(Locale.ROOT, "%08d-", start.number());
  }

  private String name(int partition, int number) {
    return prefix(start) + String.format(Locale.ROOT, "%05d-%05d.parquet", partition, number);
  }

  private Iterator<String> predict(Integer partition, Iterator<SourceRecord> records) {
    List<String> names = new ArrayList<>();
    if (records.hasNext()) {
      NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(networkText));
      PredictionFormat format =
          new PredictionFormat(
              features != null, several, top > 0, KeptFields.types(start.files().target(), kept));
      try (Team team = TaskTeam.start()) {
        BatchPredictor<SourceRecord, Prediction> predictor = predictor(plan, team);
        while (records.hasNext()) {
          String name = name(partition, names.size());
          write(name, new FileRecords(records, imagesPerFile), predictor, format);
          names.add(name);
        }
      }
    }
    return names.iterator();
  }

  private BatchPredictor<SourceRecord, Prediction> predictor(NetworkPlan plan, Team team) {
    Predictions form =
        new Predictions(reading, labels, plan.classes(), features != null, several, top);
    return features == null
        ? new BatchPredictor<>(plan, model.value(), team, form)
        : BatchPredictor.ofFeatures(plan, features, model.value(), team, form);
  }

  private void write(
      String name,
      Iterator<SourceRecord> records,
      BatchPredictor<SourceRecord, Prediction> predictor,
      PredictionFormat format) {
    Configuration configuration = hadoop.value().value();
    ParquetDirectory files = start.files();
    if (files.has(configuration, name)) {
      records.forEachRemaining(record -> {});
    } else {
      long attempt = TaskContext.get().taskAttemptId();
      files.write(
          configuration,
          name,
          attempt,
          format,
          predictor.of(records),
          () -> start.requireNewest(configuration));
    }
  }

  /** The records of the next file. */
  private static final class FileRecords implements Iterator<SourceRecord> {
    private final Iterator<SourceRecord> records;
    private int left;

    FileRecords(Iterator<SourceRecord> records, int size) {
      this.records = records;
      this.left = size;
    }

    @Override
    public boolean hasNext() {
      return left > 0 && records.hasNext();
    }

    @Override
    public SourceRecord next() {
      if (left == 0) {
        throw new NoSuchElementException("The file is full.");
      }
      left--;
      return records.next();
    }
  }
}
