package dev.featuremap.job.shard;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.job.source.BadRecord;
import dev.featuremap.job.source.ReadChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntToLongFunction;
import scala.Tuple2;

/** Cuts what was read into one packed piece for each worker that has a record in it. */
final class ShardPieces {
  private ShardPieces() {}

  /** The records of {@code chunk}, keyed by worker; the pieces together are as large as it. */
  static Iterator<Tuple2<Integer, ReadChunk>> of(ReadChunk chunk, ShardLayout layout) {
    ImageChunk images = chunk.images();
    BadRecord[] bad = chunk.bad();
    int[][] imagesOf = byWorker(images.size(), images::record, layout);
    int[][] badOf = byWorker(bad.length, index -> bad[index].id(), layout);
    List<Tuple2<Integer, ReadChunk>> pieces = new ArrayList<>();
    for (int worker = 0; worker < layout.workers(); worker++) {
      if (imagesOf[worker].length + badOf[worker].length > 0) {
        BadRecord[] mine =
            Arrays.stream(badOf[worker]).mapToObj(index -> bad[index]).toArray(BadRecord[]::new);
        pieces.add(new Tuple2<>(worker, new ReadChunk(pick(images, imagesOf[worker]), mine)));
      }
    }
    return pieces.iterator();
  }

  /** The indexes of each worker's records. */
  private static int[][] byWorker(int count, IntToLongFunction record, ShardLayout layout) {
    int[] workers = new int[count];
    int[] counts = new int[layout.workers()];
    for (int index = 0; index < count; index++) {
      workers[index] = layout.workerOf(record.applyAsLong(index));
      counts[workers[index]]++;
    }
    int[][] indexes = new int[layout.workers()][];
    Arrays.setAll(indexes, worker -> new int[counts[worker]]);
    int[] filled = new int[layout.workers()];
    for (int index = 0; index < count; index++) {
      int worker = workers[index];
      indexes[worker][filled[worker]++] = index;
    }
    return indexes;
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
