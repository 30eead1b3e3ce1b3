package dev.featuremap.job.commands.pack;

import java.util.Arrays;
import org.apache.spark.Partitioner;

/** Sends each rank to the partition of its file, among those that are still to be written. */
final class FilePartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final PackLayout layout;
  private final int[] files;

  /**
   * A partition for each file.
   *
   * @param files in ascending order
   */
  FilePartitioner(PackLayout layout, int[] files) {
    this.layout = layout;
    this.files = files;
  }

  @Override
  public int numPartitions() {
    return files.length;
  }

  @Override
  public int getPartition(Object rank) {
    return Arrays.binarySearch(files, layout.fileOf((Long) rank));
  }

  /** True when the record is in one of the files. */
  boolean takes(long id) {
    return getPartition(layout.rankOf(id)) >= 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FilePartitioner that
        && that.layout.equals(layout)
        && Arrays.equals(that.files, files);
  }

  @Override
  public int hashCode() {
    return layout.hashCode();
  }
}
