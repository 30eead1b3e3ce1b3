package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceRecord;
import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Reads ranges of IDX files that are not compressed, by seeking to them. */
public final class IdxRangeReader {
  private IdxRangeReader() {}

  /** The images of one range with their labels. */
  public static Iterator<SourceRecord> read(
      Configuration configuration, IdxRecords records, IdxRange range) {
    byte[] labels = new byte[range.size()];
    byte[] pixels = new byte[range.size() * records.shape().size()];
    readInto(labels, configuration, records.labels(), records.labelOffset(range.from()));
    readInto(pixels, configuration, records.images(), records.imageOffset(range.from()));
    return records.join(range, labels, pixels);
  }

  private static void readInto(
      byte[] target, Configuration configuration, Path path, long position) {
    try (FSDataInputStream in = path.getFileSystem(configuration).open(path)) {
      in.readFully(position, target);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }
}
