package dev.featuremap.job.watch.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.watch.mlflow.Sender.Delivery;
import dev.featuremap.job.watch.mlflow.Sender.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SenderTest {
  private static final String THREAD = "featuremap-test-sender";
  private static final Limits PATIENT = limits(5, 30_000);
  private static final Limits IMPATIENT = limits(60_000, 50);

  private final List<String> delivered = new CopyOnWriteArrayList<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();

  @Test
  void deliversTheNewestBeforeItEnds() {
    Sender<String> sender = sender(PATIENT, delivered::add);
    sender.send("one");
    sender.send("two");
    sender.close();

    assertThat(delivered).endsWith("two");
    assertThat(problems).isEmpty();
    assertNoThread();
  }

  @Test
  void dropsWhatSomethingNewerReplaces() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Sender<String> sender =
        sender(
            PATIENT,
            value -> {
              busy.countDown();
              await(go);
              delivered.add(value);
            });
    sender.send("one");
    busy.await();
    sender.send("two");
    sender.send("three");
    go.countDown();
    sender.close();

    assertThat(delivered).containsExactly("one", "three");
  }

  @Test
  void repeatsWhatFailedAndTellsOfTheFirstFailureOnly() throws InterruptedException {
    AtomicInteger failures = new AtomicInteger(3);
    CountDownLatch arrived = new CountDownLatch(1);
    Sender<String> sender =
        sender(
            PATIENT,
            value -> {
              if (failures.getAndDecrement() > 0) {
                throw new IOException("no road " + failures.get());
              }
              delivered.add(value);
              arrived.countDown();
            });
    sender.send("one");
    arrived.await();
    sender.close();

    assertThat(delivered).containsExactly("one");
    assertThat(problems).containsExactly("no road 2");
  }

  @Test
  void survivesAFailureThatNobodyForesaw() {
    Sender<String> sender =
        sender(
            PATIENT,
            value -> {
              throw new IllegalStateException("surprise");
            });
    sender.send("one");
    sender.close();

    assertThat(problems).containsExactly("surprise");
    assertNoThread();
  }

  @Test
  void abandonsADeliveryThatHangs() {
    Sender<String> sender = sender(IMPATIENT, value -> await(new CountDownLatch(1)));
    sender.send("one");
    sender.close();

    assertThat(delivered).containsExactly("abandoned");
    assertNoThread();
  }

  @Test
  void beginsNoDeliveryAfterItAbandonedOne() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch cut = new CountDownLatch(1);
    Delivery<String> hanging =
        new Delivery<>() {
          @Override
          public void deliver(String newest) {
            delivered.add(newest);
            busy.countDown();
            await(cut);
          }

          @Override
          public void abandon() {
            cut.countDown();
          }
        };
    Sender<String> sender = new Sender<>(THREAD, hanging, IMPATIENT, problems::add);
    sender.send("one");
    busy.await();
    sender.send("two");
    sender.close();

    assertThat(delivered).containsExactly("one");
    assertNoThread();
  }

  @Test
  void waitsForNoPauseAtTheEnd() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    Sender<String> sender =
        new Sender<>(
            THREAD,
            delivery(
                value -> {
                  throw new IOException("no road");
                }),
            IMPATIENT,
            problem -> failed.countDown());
    sender.send("one");
    failed.await();
    sender.close();

    assertNoThread();
  }

  private Sender<String> sender(Limits limits, Way way) {
    return new Sender<>(THREAD, delivery(way), limits, problems::add);
  }

  private Delivery<String> delivery(Way way) {
    return new Delivery<>() {
      @Override
      public void deliver(String newest) throws IOException {
        way.deliver(newest);
      }

      @Override
      public void abandon() {
        delivered.add("abandoned");
      }
    };
  }

  private interface Way {
    void deliver(String value) throws IOException;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Limits limits(long pauseMillis, long endMillis) {
    return new Limits(
        Duration.ofMillis(pauseMillis),
        Duration.ofMillis(endMillis),
        Duration.ofMillis(endMillis),
        Duration.ofSeconds(30));
  }

  private static void assertNoThread() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain(THREAD);
  }
}
