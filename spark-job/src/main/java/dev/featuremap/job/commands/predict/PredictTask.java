package dev.featuremap.job.commands.predict;

import dev.featuremap.job.cluster.TaskMemory;
import dev.featuremap.job.cluster.TaskTeam;
import dev.featuremap.job.commands.output.AttemptFence;
import dev.featuremap.job.commands.output.ParquetDirectory;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.train.Predictor;
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
 * <p>Start, partition and number name a file. Spark computes a partition again as it was, so a
 * second attempt at it finds the files of the first and passes over their records.
 */
final class PredictTask implements Function2<Integer, Iterator<SourceRecord>, Iterator<String>> {
  private static final long serialVersionUID = 1L;

  /** What names of files begin with. */
  static final String PART = "part-";

  private final String networkText;
  private final List<String> labels;
  private final Broadcast<float[]> model;
  private final ImageReading reading;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final AttemptFence start;
  private final int imagesPerFile;
  private final StructType kept;

  /**
   * A task.
   *
   * @param model parameters, then buffers
   * @param start may be shut out by another one meanwhile
   * @param kept columns of the records
   */
  PredictTask(
      String networkText,
      List<String> labels,
      Broadcast<float[]> model,
      ImageReading reading,
      AttemptFence start,
      Broadcast<SerializableConfiguration> hadoop,
      int imagesPerFile,
      StructType kept) {
    this.kept = kept;
    this.networkText = networkText;
    this.labels = labels;
    this.model = model;
    this.reading = reading;
    this.hadoop = hadoop;
    this.start = start;
    this.imagesPerFile = imagesPerFile;
  }

  @Override
  public Iterator<String> call(Integer partition, Iterator<SourceRecord> records) {
    return TaskMemory.explain("predict", () -> predict(partition, records));
  }

  /** What names of one start's files begin with. */
  static String prefix(AttemptFence start) {
    return PART + String.format(Locale.ROOT, "%08d-", start.number());
  }

  private Iterator<String> predict(Integer partition, Iterator<SourceRecord> records) {
    List<String> names = new ArrayList<>();
    if (records.hasNext()) {
      NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(networkText));
      PredictionFormat format =
          new PredictionFormat(KeptFields.types(start.files().target(), kept));
      try (Team team = TaskTeam.start()) {
        Predictor predictor = new Predictor(plan, KernelLookup.kernels(), model.value(), team);
        Predictions predictions = new Predictions(predictor, reading, labels, plan.classes());
        while (records.hasNext()) {
          String name =
              prefix(start)
                  + String.format(Locale.ROOT, "%05d-%05d.parquet", partition, names.size());
          write(name, new Share(records, imagesPerFile), predictions, format);
          names.add(name);
        }
      }
    }
    return names.iterator();
  }

  private void write(
      String name, Iterator<SourceRecord> share, Predictions predictions, PredictionFormat format) {
    Configuration configuration = hadoop.value().value();
    ParquetDirectory files = start.files();
    if (files.has(configuration, name)) {
      share.forEachRemaining(record -> {});
    } else {
      long attempt = TaskContext.get().taskAttemptId();
      files.write(
          configuration,
          name,
          attempt,
          format,
          predictions.of(share),
          () -> start.requireNewest(configuration));
    }
  }

  /** The next so many records. */
  private static final class Share implements Iterator<SourceRecord> {
    private final Iterator<SourceRecord> records;
    private int left;

    Share(Iterator<SourceRecord> records, int size) {
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
