package dev.featuremap.job.shard;

import dev.featuremap.data.ImageChunk;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/** Cuts what was read into one packed piece for each worker that has a record in it. */
final class ShardPieces {
  private ShardPieces() {}

  /** The records of {@code chunk}, keyed by worker; the pieces together are as large as it. */
  static Iterator<Tuple2<Integer, ImageChunk>> of(ImageChunk chunk, ShardLayout layout) {
    int[] workers = new int[chunk.size()];
    int[] counts = new int[layout.workers()];
    for (int index = 0; index < chunk.size(); index++) {
      workers[index] = layout.workerOf(chunk.record(index));
      counts[workers[index]]++;
    }
    int[][] indexes = new int[layout.workers()][];
    for (int index = 0; index < workers.length; index++) {
      int worker = workers[index];
      if (indexes[worker] == null) {
        indexes[worker] = new int[counts[worker]];
        counts[worker] = 0;
      }
      indexes[worker][counts[worker]++] = index;
    }
    List<Tuple2<Integer, ImageChunk>> pieces = new ArrayList<>();
    for (int worker = 0; worker < indexes.length; worker++) {
      if (indexes[worker] != null) {
        pieces.add(new Tuple2<>(worker, pick(chunk, indexes[worker])));
      }
    }
    return pieces.iterator();
  }

  private static ImageChunk pick(ImageChunk chunk, int[] indexes) {
    int imageBytes = chunk.shape().size();
    long[] records = new long[indexes.length];
    int[] labels = new int[indexes.length];
    byte[] pixels = new byte[indexes.length * imageBytes];
    for (int to = 0; to < indexes.length; to++) {
      int from = indexes[to];
      records[to] = chunk.record(from);
      labels[to] = chunk.label(from);
      System.arraycopy(chunk.pixels(), from * imageBytes, pixels, to * imageBytes, imageBytes);
    }
    return new ImageChunk(chunk.shape(), records, labels, pixels);
  }
}
