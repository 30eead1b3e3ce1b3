package dev.featuremap.job.commands.pack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.commands.output.Claim;
import dev.featuremap.job.commands.output.ParquetDirectory;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.table.HuggingFace;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.storage.Storage;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * The {@code pack} command: find → claim the directory → write what is missing → check → mark as
 * complete. Started again, it goes on with the files that are missing.
 */
public final class PackJob {
  private static final String CLAIM = "_pack.json";
  private static final String SUCCESS = "_SUCCESS";
  private static final int BAD_SHOWN = 5;
  private static final int SECONDS_OF_A_LINE = 10;

  private final Configuration hadoop;
  private final PrintWriter out;

  /** A job that prints its progress. */
  public PackJob(Configuration hadoop, PrintWriter out) {
    this.hadoop = hadoop;
    this.out = out;
  }

  /**
   * Packs both sets.
   *
   * @throws JobException with {@code USAGE} when the directory holds something else, {@code
   *     BAD_DATA} when more records than allowed cannot be used
   */
  public void run(PackRequest request) {
    ParquetDirectory files = new ParquetDirectory("pack", request.target().toString());
    try (JavaSparkContext spark = SparkContexts.start("featuremap pack")) {
      DataSets sets =
          SparkJob.describe(
              spark,
              "find images",
              () -> {
                DataSets found = DataSets.open(spark, request.data());
                say("%s%n%s", found.train(), found.test());
                return found;
              });
      Storage storage = Storage.of(request.target(), hadoop);
      new Claim(CLAIM, claim(request, sets)).make(storage, files);
      if (files.names(storage).contains(SUCCESS)) {
        say("%s is complete; nothing was written", request.target());
        return;
      }
      files.clear(storage);
      PackLayout train = layout("train", sets.train(), request);
      PackLayout test = layout("test", sets.test(), request);
      write(spark, sets.train(), train, files, storage, sets.train().labels(), request);
      write(spark, sets.test(), test, files, storage, sets.train().labels(), request);
      files.clear(storage);
      storage.replace(
          new Path(request.target(), SUCCESS), bytes(check(files, request, train, test)));
      say("complete in %s", request.target());
    }
  }

  private static PackLayout layout(String set, ImageSource source, PackRequest request) {
    return new PackLayout(set, source.images(), request.imagesPerFile(), request.seed());
  }

  private static String claim(PackRequest request, DataSets sets) {
    ObjectNode claim = Json.object();
    claim.put("train", sets.train().toString());
    claim.put("test", sets.test().toString());
    claim.put("ids", request.data().ids().name());
    claim.put("split-seed", request.data().splitSeed());
    claim.put("images-per-file", request.imagesPerFile());
    claim.put("seed", request.seed());
    claim.put("size", request.size().map(PackRequest.Size::toString).orElse(null));
    claim.put("resize", request.data().resize().name());
    sets.train().labels().names().forEach(claim.putArray("labels")::add);
    return Json.line(claim);
  }

  private void write(
      JavaSparkContext spark,
      ImageSource source,
      PackLayout layout,
      ParquetDirectory files,
      Storage storage,
      LabelIndex labels,
      PackRequest request) {
    Set<String> finished = files.names(storage);
    int[] missing =
        IntStream.range(0, layout.files())
            .filter(file -> !finished.contains(layout.name(file)))
            .toArray();
    if (missing.length == 0) {
      return;
    }
    FilePartitioner partitioner = new FilePartitioner(layout, missing);
    RowMaker rows = new RowMaker(labels, request);
    Broadcast<SerializableConfiguration> shared =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    List<String> names = new ArrayList<>();
    IntStream.of(missing).forEach(file -> names.add(layout.name(file)));
    Map<String, String> metadata = Map.of(HuggingFace.KEY, HuggingFace.note(labels.names()));
    JavaRDD<String> written =
        source
            .read(spark, partitioner::takes)
            .mapToPair(record -> new Tuple2<>(layout.rankOf(record.id()), rows.row(record)))
            .repartitionAndSortWithinPartitions(partitioner)
            .mapPartitionsWithIndex(new PackTask(files, names, metadata, shared), true);
    SparkJob.describe(
        spark,
        "pack " + source,
        () -> await(written.collectAsync(), layout, () -> files.names(storage)));
  }

  /** Waits for a job and says now and then how far it is. */
  private List<String> await(
      JavaFutureAction<List<String>> job, PackLayout layout, Supplier<Set<String>> finished) {
    while (true) {
      try {
        List<String> written = job.get(SECONDS_OF_A_LINE, TimeUnit.SECONDS);
        say("%s: %,d images in %d files", layout.set(), layout.images(), layout.files());
        return written;
      } catch (TimeoutException e) {
        Set<String> names = finished.get();
        long done =
            IntStream.range(0, layout.files())
                .filter(file -> names.contains(layout.name(file)))
                .count();
        say("%s: %d of %d files", layout.set(), done, layout.files());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        job.cancel(true);
        throw new IllegalStateException("Packing was interrupted.", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("Packing failed.", e);
      }
    }
  }

  /** Reads back how many rows each file has and how many of them are bad. */
  private String check(
      ParquetDirectory files, PackRequest request, PackLayout train, PackLayout test) {
    ObjectNode marker = Json.object();
    StringBuilder firstBad = new StringBuilder();
    long bad = 0;
    for (PackLayout layout : List.of(train, test)) {
      long rows = 0;
      for (int file = 0; file < layout.files(); file++) {
        ParquetMetadata metadata = files.metadata(hadoop, layout.name(file));
        Map<String, String> notes = metadata.getFileMetaData().getKeyValueMetaData();
        long ofFile = metadata.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
        marker.put(layout.name(file), ofFile);
        rows += ofFile;
        bad += Long.parseLong(notes.get(PackedWriteSupport.BAD));
        firstBad.append(notes.get(PackedWriteSupport.FIRST_BAD));
      }
      if (rows != layout.images()) {
        throw JobException.badData(
            "Cannot finish packing into %s: expected %s images of the %s set, got %s. Did the data change while they were read? Pack into another directory."
                .formatted(request.target(), layout.images(), layout.set(), rows));
      }
    }
    if (bad > request.data().maxBadRecords()) {
      throw JobException.badData(
          String.format(
              Locale.ROOT,
              "Cannot finish packing into %s: data.max-bad-records allows %,d unusable, got %,d:%n%s%nMend or remove them and pack into another directory, or allow more.",
              request.target(),
              request.data().maxBadRecords(),
              bad,
              firstBad.toString().lines().limit(BAD_SHOWN).collect(Collectors.joining("\n"))));
    }
    return Json.line(marker);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void say(String form, Object... arguments) {
    out.printf(Locale.ROOT, form + "%n", arguments);
    out.flush();
  }
}
