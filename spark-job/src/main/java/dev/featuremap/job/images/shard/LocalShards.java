package dev.featuremap.job.images.shard;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.spark.SparkEnv;

/**
 * The encoded shards that this process keeps. Losing one costs time only: whoever asks for it again
 * makes it again, here or in another executor.
 */
final class LocalShards {
  private static final Map<Key, Slot> SLOTS = new ConcurrentHashMap<>();
  private static SparkEnv owner;

  private LocalShards() {}

  /**
   * A shard from here, or else from {@code maker}, once however many tasks ask at a time.
   *
   * @param set names all shards of a set, in all of an application's processes
   * @param maker writes the shard into an empty file
   */
  static EncodedShard shard(String set, int worker, Function<RecordFile, EncodedShard> maker) {
    closeThoseOfAnotherContext();
    Slot slot = SLOTS.computeIfAbsent(new Key(set, worker), key -> new Slot());
    synchronized (slot) {
      if (slot.shard == null) {
        slot.shard = make(maker);
      }
      return slot.shard;
    }
  }

  /** In tests and local masters a process outlives its Spark. */
  private static synchronized void closeThoseOfAnotherContext() {
    if (owner != SparkEnv.get()) {
      owner = SparkEnv.get();
      SLOTS.values().forEach(slot -> close(slot.shard));
      SLOTS.clear();
    }
  }

  private static EncodedShard make(Function<RecordFile, EncodedShard> maker) {
    RecordFile file = RecordFile.create(newPath());
    EncodedShard shard = null;
    try {
      shard = maker.apply(file);
      return shard;
    } finally {
      if (shard == null) {
        close(file);
      }
    }
  }

  /** In one of the directories that Spark gives an executor, in turn. */
  private static Path newPath() {
    return SparkEnv.get().blockManager().diskBlockManager().createTempLocalBlock()._2().toPath();
  }

  private static void close(Closeable files) {
    try {
      if (files != null) {
        files.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Key(String set, int worker) {}

  /** Where one shard is or will be; its lock is held while the shard is made. */
  private static final class Slot {
    private EncodedShard shard;
  }
}
