package dev.featuremap.job.commands.predict;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.data.Sha256;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.commands.output.AttemptFence;
import dev.featuremap.job.commands.output.Claim;
import dev.featuremap.job.commands.output.ParquetDirectory;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.decode.ImageFit;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.table.TableSession;
import dev.featuremap.job.models.lookup.FoundModel;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.storage.Storage;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The {@code predict} command: find → claim the directory → shut out earlier starts → see what is
 * finished → predict the rest → check → mark as complete.
 */
public final class PredictJob {
  private static final String CLAIM = "_predict.json";
  private static final String SUCCESS = "_SUCCESS";
  private static final int BAD_SHOWN = 5;

  private final Configuration hadoop;
  private final PrintWriter out;

  /** A job that prints its progress. */
  public PredictJob(Configuration hadoop, PrintWriter out) {
    this.hadoop = hadoop;
    this.out = out;
  }

  /**
   * Predicts every image that has no prediction in the directory yet.
   *
   * @throws JobException with {@code USAGE} when the directory holds something else, {@code
   *     BAD_DATA} when more records than allowed are no images
   */
  public void run(PredictRequest request) {
    FoundModel found = new ModelLookup(hadoop, "predict with").find(request.model());
    ModelFile model = found.model();
    ParquetDirectory files = new ParquetDirectory("predict", request.target().toString());
    try (JavaSparkContext spark = SparkContexts.start("featuremap predict")) {
      ImageSource images =
          SparkJob.describe(
              spark,
              "find images",
              () -> DataSets.unlabelled(spark, request.data(), request.keep()));
      say("%s", images);
      requireCountable(images.images());
      KeptFields.check(images.toString(), images.kept(), PredictionFormat.columns());
      ImageReading reading = reading(model, request);
      reading.requireFits(images);
      Storage storage = Storage.of(request.target(), hadoop);
      new Claim(CLAIM, claim(model, images, request)).make(storage, files);
      if (files.names(storage).contains(SUCCESS)) {
        say("%s is complete; nothing was written", request.target());
        return;
      }
      AttemptFence start = AttemptFence.next(storage, files);
      files.clear(storage);
      List<String> earlier = names(storage, files);
      FinishedIds before = finished(spark, files, earlier);
      if (before.count() > 0) {
        say("%,d of %,d images are finished", before.count(), images.images());
      }
      if (before.count() < images.images()) {
        predict(spark, images, before, model, reading, start, request);
      }
      files.clear(storage);
      List<String> parts = withoutLatecomers(storage, start, earlier);
      long bad = check(spark, images, files, parts, request);
      start.requireNewest(hadoop);
      storage.replace(new Path(request.target(), SUCCESS), bytes(result(found, images, bad)));
      say("complete in %s", request.target());
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

  private static ImageReading reading(ModelFile model, PredictRequest request) {
    return new ImageReading(
        new ImageFit(model.plan().spec().input().shape(), request.data().resize()),
        LabelIndex.named(model.labels()),
        model.plan().classes(),
        request.data().maxPixels());
  }

  private static String claim(ModelFile model, ImageSource images, PredictRequest request) {
    ObjectNode claim = Json.object();
    claim.put("images", images.toString());
    claim.put("model-sha256", Sha256.ofFloats(model.values(), model.values().length));
    claim.put("ids", request.data().ids().name());
    claim.put("resize", request.data().resize().name());
    claim.put("keep", String.join(", ", request.keep()));
    return Json.line(claim);
  }

  private static String result(FoundModel found, ImageSource images, long badRecords) {
    ObjectNode result = Json.object();
    result.put("images", images.images());
    result.put("bad-records", badRecords);
    result.put("model", found.location());
    return Json.line(result);
  }

  private void predict(
      JavaSparkContext spark,
      ImageSource images,
      FinishedIds before,
      ModelFile model,
      ImageReading reading,
      AttemptFence start,
      PredictRequest request) {
    Broadcast<float[]> values = spark.broadcast(model.values());
    Broadcast<SerializableConfiguration> shared =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    PredictTask task =
        new PredictTask(
            model.networkText(),
            model.labels(),
            values,
            reading,
            start,
            shared,
            request.imagesPerFile(),
            images.kept());
    long begin = System.nanoTime();
    SparkJob.describe(
        spark,
        "predict " + images,
        () -> images.read(spark, before).mapPartitionsWithIndex(task, true).count());
    double seconds = (System.nanoTime() - begin) / 1e9;
    long predicted = images.images() - before.count();
    say("%,d images in %.1f s, %,.0f images/s", predicted, seconds, predicted / seconds);
  }

  private FinishedIds finished(JavaSparkContext spark, ParquetDirectory files, List<String> parts) {
    return SparkJob.describe(
        spark,
        "find what is finished",
        () ->
            FinishedIds.of(
                parts.isEmpty()
                    ? spark.emptyRDD()
                    : rows(spark, files, parts).select("id").javaRDD().map(row -> row.getLong(0))));
  }

  private static List<String> names(Storage storage, ParquetDirectory files) {
    return files.names(storage).stream()
        .filter(name -> name.startsWith(PredictTask.PART))
        .sorted()
        .toList();
  }

  /**
   * The files of earlier starts that this one has seen, and its own. Another one was about to get
   * its name when this start shut its writer out: its rows are in files of this start too.
   */
  private static List<String> withoutLatecomers(
      Storage storage, AttemptFence start, List<String> earlier) {
    Set<String> known = Set.copyOf(earlier);
    List<String> parts = new ArrayList<>();
    for (String name : names(storage, start.files())) {
      if (known.contains(name) || name.startsWith(PredictTask.prefix(start))) {
        parts.add(name);
      } else {
        storage.delete(new Path(start.files().target(), name));
      }
    }
    return parts;
  }

  /** The columns that tell what is finished. */
  private static Dataset<Row> rows(
      JavaSparkContext spark, ParquetDirectory files, List<String> parts) {
    String[] paths = parts.stream().map(name -> files.target() + "/" + name).toArray(String[]::new);
    return TableSession.of(spark)
        .read()
        .schema("id long, path string, error string")
        .parquet(paths);
  }

  /** Returns how many records have no prediction. */
  private long check(
      JavaSparkContext spark,
      ImageSource images,
      ParquetDirectory files,
      List<String> parts,
      PredictRequest request) {
    FinishedIds finished = finished(spark, files, parts);
    if (finished.count() != images.images() || finished.rows() != images.images()) {
      throw JobException.badData(
          "Cannot finish predicting into %s: expected %s records once each, got %s in %s rows. Did the data change while they were read? Predict into another directory."
              .formatted(request.target(), images.images(), finished.count(), finished.rows()));
    }
    Dataset<Row> failed = rows(spark, files, parts).where(functions.col("error").isNotNull());
    long bad = failed.count();
    if (bad > 0) {
      String first = first(failed);
      if (bad > request.data().maxBadRecords()) {
        throw JobException.badData(
            String.format(
                Locale.ROOT,
                "Cannot finish predicting into %s: data.max-bad-records allows %,d unusable, got %,d:%n%s%nAllow more and start again: their rows say what is wrong.",
                request.target(),
                request.data().maxBadRecords(),
                bad,
                first));
      }
      say("warning: %,d unusable records have no prediction:%n%s", bad, first);
    }
    return bad;
  }

  private static String first(Dataset<Row> failed) {
    return failed
        .select("id", "path", "error")
        .orderBy("id")
        .limit(BAD_SHOWN)
        .collectAsList()
        .stream()
        .map(row -> "  " + new BadRecord(row.getLong(0), row.getString(1), row.getString(2)))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void say(String form, Object... arguments) {
    out.printf(Locale.ROOT, form + "%n", arguments);
    out.flush();
  }
}
