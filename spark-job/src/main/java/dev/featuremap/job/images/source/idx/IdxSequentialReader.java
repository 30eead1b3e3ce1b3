package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads compressed images and labels in step, one range at a time in memory. */
public final class IdxSequentialReader implements Iterator<SourceRecord>, Closeable {
  private final IdxRecords records;
  private final IdxStream images;
  private final IdxStream labels;
  private Iterator<SourceRecord> range = Collections.emptyIterator();
  private long next;

  /** Opens both files; the caller closes them. */
  public IdxSequentialReader(Configuration configuration, IdxRecords records) {
    this.records = records;
    this.images = open(configuration, records.images(), IdxKind.IMAGES);
    try {
      this.labels = open(configuration, records.labels(), IdxKind.LABELS);
    } catch (RuntimeException e) {
      closeOne(images);
      throw e;
    }
  }

  private static IdxStream open(Configuration configuration, Path path, IdxKind kind) {
    try {
      return IdxStream.open(configuration, path, kind);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  @Override
  public boolean hasNext() {
    return range.hasNext() || next < records.count();
  }

  @Override
  public SourceRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException("All %d records are read.".formatted(next));
    }
    if (!range.hasNext()) {
      range = nextRange();
    }
    return range.next();
  }

  private Iterator<SourceRecord> nextRange() {
    IdxRange following = records.range(next);
    next = following.to();
    byte[] labelBytes = read(labels, records.labels(), following.size());
    byte[] pixels = read(images, records.images(), following.size() * records.shape().size());
    return records.join(following, labelBytes, pixels);
  }

  private byte[] read(IdxStream stream, Path path, int count) {
    try {
      byte[] bytes = stream.read(count);
      if (next == records.count()) {
        stream.expectEnd();
      }
      return bytes;
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  @Override
  public void close() {
    closeOne(images);
    closeOne(labels);
  }

  private static void closeOne(IdxStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
