package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void runsEveryPartOnceInEveryRound(int threads) {
    AtomicIntegerArray runs = new AtomicIntegerArray(threads);
    try (Team team = new Team(threads)) {
      for (int round = 1; round <= 1000; round++) {
        team.run((part, parts) -> runs.addAndGet(part, parts));

        for (int part = 0; part < threads; part++) {
          assertThat(runs.get(part)).isEqualTo(round * threads);
        }
      }
    }
  }

  @Test
  void runsItsPartsAtTheSameTime() {
    CountDownLatch allStarted = new CountDownLatch(3);
    try (Team team = new Team(3)) {
      team.run(
          (part, parts) -> {
            allStarted.countDown();
            awaitUnchecked(allStarted);
          });
    }
    assertThat(allStarted.getCount()).isZero();
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void rethrowsWhatAPartThrewAndGoesOn(int failing) {
    try (Team team = new Team(3)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      (part, parts) -> {
                        if (part == failing) {
                          throw new IllegalArgumentException("part " + part);
                        }
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("part " + failing);

      team.run((part, parts) -> {});
    }
  }

  @Test
  void keepsAnInterruptForItsCaller() {
    try (Team team = new Team(2)) {
      Thread.currentThread().interrupt();
      team.run((part, parts) -> {});
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void endsItsThreadsWhenClosed() throws InterruptedException {
    Thread[] helper = new Thread[1];
    try (Team team = new Team(2)) {
      team.run(
          (part, parts) -> {
            if (part == 1) {
              helper[0] = Thread.currentThread();
            }
          });
    }
    helper[0].join(10_000);
    assertThat(helper[0].isAlive()).isFalse();
  }

  @Test
  void refusesToBeEmpty() {
    assertThatThrownBy(() -> new Team(0))
        .hasMessage("Cannot start a team: expected at least 1 thread, got 0.");
  }
}
