package dev.featuremap.job.commands.predict;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.data.Sha256;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.commands.output.AttemptFence;
import dev.featuremap.job.commands.output.Claim;
import dev.featuremap.job.commands.output.ResumableDirectory;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.SourceSummary;
import dev.featuremap.job.images.source.table.TableSession;
import dev.featuremap.job.models.lookup.FoundModel;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The {@code predict} command: find model and images → check that they fit → fill the directory.
 *
 * @param hadoop reaches all stores
 * @param out gets what a person reads
 */
public record PredictJob(Configuration hadoop, PrintWriter out) implements LinePrinter {
  private static final int BAD_SHOWN = 5;

  /**
   * Predicts every image that has no prediction in the directory yet.
   *
   * @throws JobException with {@code USAGE} when the directory holds something else, {@code
   *     BAD_DATA} when images have changed since an earlier start, or more records than allowed are
   *     no images
   */
  public void run(PredictRequest request) {
    FoundModel found = new ModelLookup(hadoop, "predict with").find(request.model());
    ModelFile model = found.model();
    request.features().ifPresent(layer -> requireLayer(found, layer));
    DataSettings data = ImageReading.recorded(request.data(), model, line -> say("%s", line));
    ImageReading reading =
        ImageReading.of(model.plan(), LabelIndex.named(model.labels(), found.location()), data);
    try (JobContext context = SparkContexts.start("featuremap predict")) {
      JavaSparkContext spark = context.spark();
      ImageSource images =
          SparkJob.describe(
              spark,
              "find images",
              () -> DataSets.unlabelled(spark, request.data(), request.keep()));
      say("%s", SourceSummary.unlabelled(images));
      requireCountable(images.images());
      KeptFields.check(
          images.toString(),
          images.kept(),
          PredictionFormat.columns(
              request.features().isPresent(), model.notes().severalLabels(), request.top() > 0));
      reading.requireFits(images);
      ResumableDirectory directory =
          ResumableDirectory.of("predict", request.target(), hadoop, out);
      directory.fill(
          new Claim(
              "_predict.json", settings(model, images, request, reading), marks(spark, images)),
          new Predicting(spark, request, found, images, reading, directory));
    }
  }

  /** Refuses sets whose finished records no bit set can tell. */
  static void requireCountable(long images) {
    if (images > Integer.MAX_VALUE) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot predict %,d images: expected at most 2^31 - 1. Name a part of them with data.test.",
              images));
    }
  }

  private void requireLayer(FoundModel found, String layer) {
    try {
      say("features: the output of %s, %s", layer, found.model().plan().upTo(layer).output());
    } catch (IllegalArgumentException e) {
      throw JobException.usage(
          "Cannot write features by %s: %s.".formatted(found.location(), e.getMessage()));
    }
  }

  private static Map<String, SourceMarks> marks(JavaSparkContext spark, ImageSource images) {
    return SparkJob.describe(
        spark,
        "take the marks of all files",
        () -> images.marks(spark).map(marks -> Map.of("given", marks)).orElse(Map.of()));
  }

  private static ObjectNode settings(
      ModelFile model, ImageSource images, PredictRequest request, ImageReading reading) {
    ObjectNode claim = Json.object();
    claim.put("images", images.toString());
    claim.put("model-sha256", Sha256.ofFloats(model.values(), model.values().length));
    claim.put("ids", request.data().ids().name());
    claim.put("resize", reading.fit().resize().name());
    if (reading.upright()) {
      claim.put("exif-rotation", "apply");
    }
    claim.put("keep", String.join(", ", request.keep()));
    claim.put("image-column", request.data().table().image());
    request.features().ifPresent(layer -> claim.put("features", layer));
    if (request.top() > 0) {
      claim.put("top", request.top());
    }
    return claim;
  }

  /**
   * Writes the predictions that are missing: shut out earlier starts → see what is finished →
   * predict the rest → drop what latecomers wrote → count all.
   */
  private final class Predicting implements ResumableDirectory.Filling {
    private final JavaSparkContext spark;
    private final PredictRequest request;
    private final FoundModel found;
    private final ImageSource images;
    private final ImageReading reading;
    private final ResumableDirectory directory;
    private AttemptFence start;
    private List<String> earlier;

    Predicting(
        JavaSparkContext spark,
        PredictRequest request,
        FoundModel found,
        ImageSource images,
        ImageReading reading,
        ResumableDirectory directory) {
      this.spark = spark;
      this.request = request;
      this.found = found;
      this.images = images;
      this.reading = reading;
      this.directory = directory;
    }

    @Override
    public void begin() {
      start = AttemptFence.next(directory.storage(), directory.files());
    }

    @Override
    public void write() {
      earlier = parts();
      FinishedIds before = finished(earlier);
      if (before.count() > 0) {
        say("%,d of %,d images are finished", before.count(), images.images());
      }
      if (before.count() < images.images()) {
        predict(before);
      }
    }

    private void predict(FinishedIds before) {
      ModelFile model = found.model();
      PredictTask task =
          new PredictTask(
              model.networkText(),
              model.labels(),
              spark.broadcast(model.values()),
              reading,
              start,
              spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())),
              request.imagesPerFile(),
              images.kept(),
              request.features().orElse(null),
              model.notes().severalLabels(),
              request.top());
      long begin = System.nanoTime();
      SparkJob.describe(
          spark,
          "predict " + images,
          () -> images.read(spark, before).mapPartitionsWithIndex(task, true).count());
      double seconds = (System.nanoTime() - begin) / 1e9;
      long predicted = images.images() - before.count();
      say("%,d images in %.1f s, %,.0f images/s", predicted, seconds, predicted / seconds);
    }

    @Override
    public ObjectNode check() {
      List<String> parts = withoutLatecomers();
      FinishedIds finished = finished(parts);
      if (finished.count() != images.images() || finished.rows() != images.images()) {
        throw JobException.badData(
            "Cannot finish predicting into %s: expected %s records once each, got %s in %s rows. Did the data change while they were read? Predict into another directory."
                .formatted(request.target(), images.images(), finished.count(), finished.rows()));
      }
      long bad = requireUsable(rows(parts).where(functions.col("error").isNotNull()));
      start.requireNewest(hadoop);
      ObjectNode result = Json.object();
      result.put("images", images.images());
      result.put("bad-records", bad);
      result.put("model", found.location());
      return result;
    }

    /** Returns how many records have no prediction. */
    private long requireUsable(Dataset<Row> failed) {
      long bad = failed.count();
      if (bad > 0) {
        List<String> first = first(failed);
        int allowed = request.data().maxBadRecords();
        if (bad > allowed) {
          throw JobException.listing(
              ExitCode.BAD_DATA,
              String.format(
                  Locale.ROOT,
                  "Cannot finish predicting into %s: data.max-bad-records allows %,d unusable, got %,d:",
                  request.target(),
                  allowed,
                  bad),
              first,
              "Allow more and start again: their rows say what is wrong.");
        }
        say(
            "warning: %,d unusable records have no prediction:%n%s",
            bad, String.join(System.lineSeparator(), first.stream().map("  "::concat).toList()));
      }
      return bad;
    }

    private static List<String> first(Dataset<Row> failed) {
      return failed
          .select("id", "path", "error")
          .orderBy("id")
          .limit(BAD_SHOWN)
          .collectAsList()
          .stream()
          .map(row -> new BadRecord(row.getLong(0), row.getString(1), row.getString(2)))
          .map(BadRecord::toString)
          .toList();
    }

    private List<String> parts() {
      return directory.files().names(directory.storage()).stream()
          .filter(name -> name.startsWith(PredictTask.PART))
          .sorted()
          .toList();
    }

    /**
     * The files of earlier starts that this one has seen, and its own. Another one was about to get
     * its name when this start shut its writer out: its rows are in files of this start too.
     */
    private List<String> withoutLatecomers() {
      Set<String> known = Set.copyOf(earlier);
      List<String> parts = new ArrayList<>();
      for (String name : parts()) {
        if (known.contains(name) || name.startsWith(PredictTask.prefix(start))) {
          parts.add(name);
        } else {
          directory.storage().delete(PathText.child(directory.files().target(), name));
        }
      }
      return parts;
    }

    private FinishedIds finished(List<String> parts) {
      return SparkJob.describe(
          spark,
          "find what is finished",
          () ->
              FinishedIds.of(
                  parts.isEmpty()
                      ? spark.emptyRDD()
                      : rows(parts).select("id").javaRDD().map(row -> row.getLong(0))));
    }

    /** The columns that tell what is finished. */
    private Dataset<Row> rows(List<String> parts) {
      return TableSession.files(spark)
          .schema("id long, path string, error string")
          .parquet(directory.files().target())
          .where(functions.col("_metadata.file_name").isin(parts.toArray()));
    }
  }
}
