package dev.featuremap.job.commands.pack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.commands.output.Claim;
import dev.featuremap.job.commands.output.ResumableDirectory;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.table.HuggingFace;
import dev.featuremap.job.record.Json;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * The {@code pack} command: find the images → fill the directory.
 *
 * @param hadoop reaches all stores
 * @param out gets what a person reads
 */
public record PackJob(Configuration hadoop, PrintWriter out) implements LinePrinter {
  private static final int BAD_SHOWN = 5;
  private static final int SECONDS_OF_A_LINE = 10;

  /**
   * Packs all sets. Started again, it goes on with the files that are missing.
   *
   * @throws JobException with {@code USAGE} when the directory holds something else, {@code
   *     BAD_DATA} when images have changed since an earlier start, or more records than allowed
   *     cannot be used
   */
  public void run(PackRequest request) {
    try (JobContext context = SparkContexts.start("featuremap pack")) {
      JavaSparkContext spark = context.spark();
      DataSets sets =
          SparkJob.describe(
              spark,
              "find images",
              () -> {
                DataSets found = DataSets.open(spark, request.data());
                found.describe().forEach(set -> say("%s", set));
                return found;
              });
      ResumableDirectory directory = ResumableDirectory.of("pack", request.target(), hadoop, out);
      directory.fill(
          new Claim("_pack.json", settings(request, sets), marks(spark, sets)),
          new Packing(spark, request, sets, directory, hadoop));
    }
  }

  private static Map<String, SourceMarks> marks(JavaSparkContext spark, DataSets sets) {
    Map<String, SourceMarks> marks = new HashMap<>();
    SparkJob.describe(
        spark,
        "take the marks of all files",
        () -> {
          sets.train().marks(spark).ifPresent(ofSet -> marks.put("training", ofSet));
          sets.validation()
              .flatMap(validation -> validation.marks(spark))
              .ifPresent(ofSet -> marks.put("validation", ofSet));
          sets.test().marks(spark).ifPresent(ofSet -> marks.put("test", ofSet));
          return marks;
        });
    return marks;
  }

  private static ObjectNode settings(PackRequest request, DataSets sets) {
    ObjectNode claim = Json.object();
    claim.put("train", sets.train().toString());
    sets.validation().ifPresent(set -> claim.put("validation", set.toString()));
    claim.put("test", sets.test().toString());
    claim.put("ids", request.data().ids().name());
    claim.put("split-seed", request.data().splitSeed());
    claim.put("images-per-file", request.imagesPerFile());
    claim.put("seed", request.seed());
    claim.put("size", request.size().map(PackRequest.Size::toString).orElse(null));
    claim.put("resize", request.data().resize().name());
    if (request.data().upright() && request.size().isPresent()) {
      claim.put("exif-rotation", "apply");
    }
    sets.train().labels().names().forEach(claim.putArray("labels")::add);
    claim.put("image-column", request.data().table().image());
    claim.put("label-column", request.data().table().label());
    return claim;
  }

  /** Writes the packed files that are missing, and counts the rows of all. */
  private record Packing(
      JavaSparkContext spark,
      PackRequest request,
      DataSets sets,
      ResumableDirectory directory,
      Configuration hadoop)
      implements ResumableDirectory.Filling {

    /** The sets that there are, in the order in which they are packed. */
    private Map<PackLayout, ImageSource> layouts() {
      Map<PackLayout, ImageSource> layouts = new LinkedHashMap<>();
      layouts.put(layout("train", sets.train()), sets.train());
      sets.validation().ifPresent(set -> layouts.put(layout("validation", set), set));
      layouts.put(layout("test", sets.test()), sets.test());
      return layouts;
    }

    private PackLayout layout(String set, ImageSource source) {
      return new PackLayout(set, source.images(), request.imagesPerFile(), request.seed());
    }

    @Override
    public void write() {
      layouts().forEach(this::write);
    }

    private void write(PackLayout layout, ImageSource source) {
      int[] missing = missing(layout);
      if (missing.length == 0) {
        return;
      }
      FilePartitioner partitioner = new FilePartitioner(layout, missing);
      RowMaker rows = new RowMaker(sets.train().labels(), request);
      Broadcast<SerializableConfiguration> shared =
          spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
      List<String> names = IntStream.of(missing).mapToObj(layout::name).toList();
      Map<String, String> metadata =
          Map.of(HuggingFace.KEY, HuggingFace.note(sets.train().labels().names()));
      JavaRDD<String> written =
          source
              .read(spark, partitioner::takes)
              .mapToPair(record -> new Tuple2<>(layout.rankOf(record.id()), rows.row(record)))
              .repartitionAndSortWithinPartitions(partitioner)
              .mapPartitionsWithIndex(
                  new PackTask(directory.files(), names, metadata, shared), true);
      SparkJob.describe(spark, "pack " + source, () -> await(written.collectAsync(), layout));
    }

    private int[] missing(PackLayout layout) {
      Set<String> finished = directory.files().names(directory.storage());
      return IntStream.range(0, layout.files())
          .filter(file -> !finished.contains(layout.name(file)))
          .toArray();
    }

    /** Waits for a job and says now and then how far it is. */
    private List<String> await(JavaFutureAction<List<String>> job, PackLayout layout) {
      while (true) {
        try {
          List<String> written = job.get(SECONDS_OF_A_LINE, TimeUnit.SECONDS);
          directory.say(
              "%s: %,d images in %d files", layout.set(), layout.images(), layout.files());
          return written;
        } catch (TimeoutException e) {
          int done = layout.files() - missing(layout).length;
          directory.say("%s: %d of %d files", layout.set(), done, layout.files());
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
    @Override
    public ObjectNode check() {
      ObjectNode rowsOfFiles = Json.object();
      StringBuilder firstBad = new StringBuilder();
      long bad = 0;
      for (PackLayout layout : layouts().keySet()) {
        long rows = 0;
        for (int file = 0; file < layout.files(); file++) {
          ParquetMetadata metadata = directory.files().metadata(hadoop, layout.name(file));
          Map<String, String> notes = metadata.getFileMetaData().getKeyValueMetaData();
          long ofFile = metadata.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
          rowsOfFiles.put(layout.name(file), ofFile);
          rows += ofFile;
          bad += Long.parseLong(notes.get(PackedWriteSupport.BAD));
          firstBad.append(notes.get(PackedWriteSupport.FIRST_BAD));
        }
        requireAll(layout, rows);
      }
      requireUsable(bad, firstBad.toString());
      return rowsOfFiles;
    }

    private void requireAll(PackLayout layout, long rows) {
      if (rows != layout.images()) {
        throw JobException.badData(
            "Cannot finish packing into %s: expected %s images of the %s set, got %s. Did the data change while they were read? Pack into another directory."
                .formatted(request.target(), layout.images(), layout.set(), rows));
      }
    }

    private void requireUsable(long bad, String firstBad) {
      int allowed = request.data().maxBadRecords();
      if (bad > allowed) {
        throw JobException.listing(
            ExitCode.BAD_DATA,
            String.format(
                Locale.ROOT,
                "Cannot finish packing into %s: data.max-bad-records allows %,d unusable, got %,d:",
                request.target(),
                allowed,
                bad),
            firstBad.lines().limit(BAD_SHOWN).map(String::strip).toList(),
            "Mend or remove them and pack into another directory, or allow more.");
      }
    }
  }
}
