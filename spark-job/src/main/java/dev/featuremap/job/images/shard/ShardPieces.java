package dev.featuremap.job.images.shard;

import dev.featuremap.job.images.decode.BadImageException;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.images.source.ImageReading;
import dev.featuremap.job.images.source.SourceRecord;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/** Sorts the records that a task reads by worker, some megabytes at a time. */
final class ShardPieces
    implements PairFlatMapFunction<Iterator<SourceRecord>, Integer, RecordPiece> {
  private static final long serialVersionUID = 1L;

  /** What a task holds at a time, besides its last record. */
  private static final long BYTES = 8 << 20;

  /** What a record takes besides its bytes, so that many small ones are not too many. */
  private static final int BYTES_OF_A_RECORD = 128;

  private final ShardLayout layout;
  private final ImageReading reading;

  ShardPieces(ShardLayout layout, ImageReading reading) {
    this.layout = layout;
    this.reading = reading;
  }

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

  private Iterator<Tuple2<Integer, RecordPiece>> sort(Iterator<SourceRecord> records) {
    Map<Integer, RecordPiece.Builder> builders = new TreeMap<>();
    long bytes = 0;
    while (bytes < BYTES && records.hasNext()) {
      SourceRecord record = records.next();
      RecordPiece.Builder builder =
          builders.computeIfAbsent(
              layout.workerOf(record.id()), worker -> new RecordPiece.Builder());
      bytes += BYTES_OF_A_RECORD + add(record, builder);
    }
    return builders.entrySet().stream()
        .map(worker -> new Tuple2<>(worker.getKey(), worker.getValue().build()))
        .iterator();
  }

  private int add(SourceRecord source, RecordPiece.Builder builder) {
    try {
      ShardRecord record = ShardRecord.of(source, reading);
      builder.add(record);
      return record.bytes().length;
    } catch (BadImageException e) {
      builder.add(new BadRecord(source.id(), source.place(), e.getMessage()));
      return 0;
    }
  }
}
