package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.LocalSpark;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CacheMemoryTest {
  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(1, FeaturemapKryoRegistrator.class);

  private final CacheMemory room = new CacheMemory(4, 4_000, 1_000, false);

  @Test
  void keepsImagesEncodedOfWhichTooFewFitIntoAnArray() {
    long image = 3L * 512 * 512;
    CacheMemory large = new CacheMemory(4, 1L << 40, 1L << 40, false);

    assertThat(large.keep(Optional.empty(), 10_000 * image, 2_730 * image, image))
        .isEqualTo(ShardStorage.PIXELS);
    assertThat(large.keep(Optional.empty(), 10_000 * image, 2_731 * image, image))
        .isEqualTo(ShardStorage.ENCODED);
    JobException refused =
        catchThrowableOfType(
            JobException.class,
            () ->
                large.keep(Optional.of(ShardStorage.PIXELS), 10_000 * image, 2_731 * image, image));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused)
        .hasMessage(
            "Cannot use data.keep = pixels: 4,096 images of a worker must take at most 2,147,483,639 bytes, got 786,432 bytes an image. Set data.keep = encoded, or make images smaller by data.resize.");
  }

  @Test
  void keepsPixelsWhereTheyTakeHalfOfTheRoom() {
    assertThat(room.keep(Optional.empty(), 2_000, 1_000, 100)).isEqualTo(ShardStorage.PIXELS);
    assertThat(room.keep(Optional.empty(), 2_001, 1_000, 100)).isEqualTo(ShardStorage.ENCODED);
  }

  @Test
  void leavesTheHeapToTheWorkOfRounds() {
    long heap = 2L << 30;
    long work = 1L << 30;
    long free = heap - work - (300L << 20);
    CacheMemory four = new CacheMemory(4, 8L << 30, 2L << 30, false);

    CacheMemory left = four.besides(heap, work);

    assertThat(left.keep(Optional.empty(), 4 * free, 1, 1)).isEqualTo(ShardStorage.PIXELS);
    assertThat(left.keep(Optional.empty(), 4 * free + 1, 1, 1)).isEqualTo(ShardStorage.ENCODED);
    assertThat(four.besides(heap, heap).total()).isZero();
    assertThat(four.besides(100 * heap, work)).isEqualTo(four);
  }

  @Test
  void keepsWhatItIsAskedFor() {
    assertThat(room.keep(Optional.of(ShardStorage.PIXELS), 5_000, 1_000, 100))
        .isEqualTo(ShardStorage.PIXELS);
    assertThat(room.keep(Optional.of(ShardStorage.ENCODED), 1, 1, 100))
        .isEqualTo(ShardStorage.ENCODED);
  }

  @Test
  void refusesPixelsThatNoExecutorHasRoomFor() {
    CacheMemory small = new CacheMemory(4, 9L << 20, (3L << 20) - 1, false);

    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () -> small.keep(Optional.of(ShardStorage.PIXELS), 4 << 20, 3 << 20, 100));

    assertThat(failure)
        .hasMessage(
            "Cannot use data.keep = pixels: the images of one worker take 3 MiB, an executor has 2 MiB for them. Set data.keep = encoded, raise train.workers, or give executors more memory.");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void refusesPlainFilesWhereSparkEncryptsItsOwn() {
    CacheMemory sealed = new CacheMemory(4, 4_000, 1_000, true);

    assertThat(sealed.keep(Optional.empty(), 2_000, 1_000, 100)).isEqualTo(ShardStorage.PIXELS);
    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> sealed.keep(Optional.empty(), 2 << 20, 1_000, 100));
    assertThat(failure)
        .hasMessage(
            "Cannot keep images on local disks: spark.io.encryption.enabled = true asks for encrypted files, which these would not be. Set data.keep = pixels and give executors 2 MiB for them, or encrypt the disks themselves and switch the option off.");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void knowsTheRoomOfItsOwnProcess() {
    CacheMemory own = CacheMemory.of(SPARK.context());

    assertThat(own.total()).isEqualTo(own.least()).isPositive();
    assertThat(own.total()).isLessThan(Runtime.getRuntime().maxMemory());
  }
}
