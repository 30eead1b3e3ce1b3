package dev.featuremap.job.images.shard;

import dev.featuremap.data.MemoryShard;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.failure.JobException;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The memory that Spark has for cached blocks.
 *
 * @param executors how many there are
 * @param total bytes of all executors
 * @param least bytes of the executor that has least
 * @param encrypted true if Spark encrypts what it writes to local disks
 */
public record CacheMemory(long executors, long total, long least, boolean encrypted) {
  /** What Spark sets apart of a heap for itself. */
  private static final long RESERVED = 300L << 20;

  private static final int MOST_BYTES_OF_AN_ARRAY = Integer.MAX_VALUE - 8;

  /** That of the executors which are there now; of a cluster, at least one. */
  public static CacheMemory of(JavaSparkContext spark) {
    if (!spark.isLocal()) {
      // Executors come when they like; the first has come when it has done something.
      spark.parallelize(List.of(0), 1).count();
    }
    Map<String, Tuple2<Object, Object>> status =
        CollectionConverters.asJava(spark.sc().getExecutorMemoryStatus());
    String driver = SparkEnv.get().blockManager().blockManagerId().hostPort();
    LongSummaryStatistics rooms =
        status.entrySet().stream()
            .filter(executor -> spark.isLocal() || !executor.getKey().equals(driver))
            .mapToLong(executor -> (Long) executor.getValue()._1())
            .summaryStatistics();
    boolean encrypted = spark.getConf().getBoolean("spark.io.encryption.enabled", false);
    return new CacheMemory(rooms.getCount(), rooms.getSum(), rooms.getMin(), encrypted);
  }

  /**
   * What is left of it beside work that Spark does not know of: no more than twice what the heaps
   * have free, since caches take half of their room.
   *
   * @param heap bytes of an executor's heap
   * @param work bytes of it that its tasks take
   */
  public CacheMemory besides(long heap, long work) {
    long free = Math.max(0, heap - RESERVED - work);
    return new CacheMemory(executors, Math.min(total, 2 * executors * free), least, encrypted);
  }

  /**
   * How to keep images: as pixels where all sets together take at most half of the room.
   *
   * @param asked the setting {@code data.keep}, empty for this choice
   * @param pixelBytes of all images, decoded
   * @param largestShard bytes of the largest of all shards, decoded
   * @param imageBytes of one image, decoded
   * @throws JobException with {@code USAGE} if pixels are asked for which no executor has room for,
   *     or disks must be used and encrypted
   */
  public ShardStorage keep(
      Optional<ShardStorage> asked, long pixelBytes, long largestShard, long imageBytes) {
    // Pixels are kept in arrays of so many images.
    boolean fits =
        Math.min(largestShard, MemoryShard.CHUNK_IMAGES * imageBytes) <= MOST_BYTES_OF_AN_ARRAY;
    if (asked.equals(Optional.of(ShardStorage.PIXELS)) && !fits) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot use data.keep = pixels: %,d images of a worker must take at most %,d bytes, got %,d bytes an image. Set data.keep = encoded, or make images smaller by data.resize.",
              MemoryShard.CHUNK_IMAGES,
              MOST_BYTES_OF_AN_ARRAY,
              imageBytes));
    }
    if (asked.equals(Optional.of(ShardStorage.PIXELS)) && largestShard > least) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot use data.keep = pixels: the images of one worker take %,d MiB, an executor has %,d MiB for them. Set data.keep = encoded, raise train.workers, or give executors more memory.",
              mebibytes(largestShard),
              least >> 20));
    }
    ShardStorage keep =
        asked.orElse(fits && pixelBytes <= total / 2 ? ShardStorage.PIXELS : ShardStorage.ENCODED);
    if (keep == ShardStorage.ENCODED && encrypted) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot keep images on local disks: spark.io.encryption.enabled = true asks for encrypted files, which these would not be. Set data.keep = pixels and give executors %,d MiB for them, or encrypt the disks themselves and switch the option off.",
              mebibytes(pixelBytes)));
    }
    return keep;
  }

  private static long mebibytes(long bytes) {
    return ((bytes - 1) >> 20) + 1;
  }
}
