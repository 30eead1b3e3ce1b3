package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageView;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DecodeAheadTest {
  /** Images so large that two of 8 MiB are ahead, or two mini-batches. */
  private static final int LARGE = 8 << 20;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void givesTheImagesInTheOrderOfTheEpoch(int threads) {
    EpochOrder order = EpochOrder.shuffled(1, 2, 3, 1_000);
    ImageView view = new ImageView();
    try (DecodeAhead pass =
        new DecodeAhead(DecodeAheadTest::image, order, 100, 997, LARGE, threads)) {
      for (int from = 100; from < 997; from += 16) {
        int count = Math.min(16, 997 - from);
        pass.advance(from, count);
        for (int place = from; place < from + count; place++) {
          pass.find(place, view);
          assertThat(view.record()).isEqualTo(order.position(place));
          assertThat(view.label()).isEqualTo(order.position(place) % 10);
        }
      }
    }
  }

  @Test
  void isAheadByTwoMiniBatchesAndNoMore() throws InterruptedException {
    AtomicInteger decoded = new AtomicInteger();
    CountDownLatch ahead = new CountDownLatch(8);
    IntFunction<DecodedImage> decoder =
        position -> {
          decoded.incrementAndGet();
          ahead.countDown();
          return image(position);
        };
    try (DecodeAhead pass = new DecodeAhead(decoder, EpochOrder.sequential(), 0, 100, LARGE, 3)) {
      pass.advance(0, 4);

      assertThat(ahead.await(30, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(50);
      assertThat(decoded).hasValue(8);
    }
  }

  @Test
  void isAheadBySixteenMebibytesOfSmallImages() throws InterruptedException {
    CountDownLatch ahead = new CountDownLatch(16);
    IntFunction<DecodedImage> decoder =
        position -> {
          ahead.countDown();
          return image(position);
        };
    try (DecodeAhead pass = new DecodeAhead(decoder, EpochOrder.sequential(), 0, 100, 1 << 20, 1)) {
      pass.advance(0, 1);

      assertThat(ahead.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void bringsAFailureToWhoeverWaits() {
    IntFunction<DecodedImage> decoder =
        position -> {
          throw new IllegalStateException("no");
        };
    try (DecodeAhead pass = new DecodeAhead(decoder, EpochOrder.sequential(), 0, 100, LARGE, 2)) {
      assertThatThrownBy(() -> pass.advance(0, 4))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no");
    }
  }

  @Test
  void endsItsThreadsWhenItIsClosed() throws InterruptedException {
    DecodeAhead pass =
        new DecodeAhead(DecodeAheadTest::image, EpochOrder.sequential(), 0, 100, LARGE, 2);
    pass.advance(0, 4);

    pass.close();

    for (Thread thread : pass.threads()) {
      thread.join(30_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void stopsWaitingWhenTheTaskIsKilled() {
    CountDownLatch never = new CountDownLatch(1);
    IntFunction<DecodedImage> decoder =
        position -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return image(position);
        };
    try (DecodeAhead pass = new DecodeAhead(decoder, EpochOrder.sequential(), 0, 100, LARGE, 1)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> pass.advance(0, 4))
          .hasMessage("Waiting for images was interrupted.");
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      never.countDown();
    }
  }

  private static DecodedImage image(int position) {
    return DecodedImage.of(
        new ShardRecord(position, position % 10, "digits", AssemblyContract.plain(new byte[2])),
        AssemblyContract.READING);
  }
}
