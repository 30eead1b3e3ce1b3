package dev.featuremap.job.images.shard;

import dev.featuremap.image.BadImageException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.SourceRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/** Sorts the records that a task reads by worker, some megabytes at a time. */
record ShardPieces(ShardLayout layout, ImageReading reading)
    implements PairFlatMapFunction<Iterator<SourceRecord>, Integer, RecordPiece> {

  /** What a task holds at a time, besides its last record. */
  private static final long BYTES = 8 << 20;

  /** What a record takes besides its bytes, so that many small ones are not too many. */
  private static final int BYTES_OF_A_RECORD = 128;

  @Override
  public Iterator<Tuple2<Integer, RecordPiece>> call(Iterator<SourceRecord> records) {
    return new Iterator<>() {
      private Iterator<Tuple2<Integer, RecordPiece>> pieces = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        return pieces.hasNext() || records.hasNext();
      }

      @Override
      public Tuple2<Integer, RecordPiece> next() {
        if (!hasNext()) {
          throw new NoSuchElementException("All records are sorted.");
        }
        if (!pieces.hasNext()) {
          pieces = sort(records);
        }
        return pieces.next();
      }
    };
  }

  private Iterator<Tuple2<Integer, RecordPiece>> sort(Iterator<SourceRecord> source) {
    Map<Integer, Records> sorted = new TreeMap<>();
    long bytes = 0;
    while (bytes < BYTES && source.hasNext()) {
      SourceRecord record = source.next();
      int worker = layout.workerOf(record.id());
      Records records = sorted.computeIfAbsent(worker, first -> new Records());
      bytes += BYTES_OF_A_RECORD + add(record, records);
    }
    return sorted.entrySet().stream()
        .map(worker -> new Tuple2<>(worker.getKey(), worker.getValue().piece()))
        .iterator();
  }

  /** Adds a record to those of its worker; returns how many bytes it has. */
  private int add(SourceRecord source, Records records) {
    try {
      int label = reading.classOf(source);
      ImageContent content = source.content();
      if (content instanceof ImageContent.Unusable unusable) {
        throw new BadImageException(unusable.reason());
      }
      records.sound.add(new ShardRecord(source.id(), label, source.place(), content));
      return content.bytes().length;
    } catch (BadImageException e) {
      records.bad.add(new BadRecord(source.id(), source.place(), e.getMessage()));
      return 0;
    }
  }

  /** Records of one worker. */
  private static final class Records {
    private final List<ShardRecord> sound = new ArrayList<>();
    private final List<BadRecord> bad = new ArrayList<>();

    RecordPiece piece() {
      return new RecordPiece(sound, bad);
    }
  }
}
