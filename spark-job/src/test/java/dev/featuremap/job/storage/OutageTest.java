package dev.featuremap.job.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final Duration PATIENCE = Duration.ofNanos(100);

  private final Outage outage = new Outage();

  @Test
  void beginsWithTheFirstFailure() {
    assertThat(outage.since(10, 20, PATIENCE)).isEqualTo(20);
    assertThat(outage.since(25, 90, PATIENCE)).isEqualTo(20);
    assertThat(outage.since(15, 99, PATIENCE)).isEqualTo(20);
  }

  @Test
  void goesOnDuringALongAttempt() {
    outage.since(10, 20, PATIENCE);

    assertThat(outage.since(30, 500, PATIENCE)).isEqualTo(20);
  }

  @Test
  void endsWithAnAnswer() {
    outage.since(10, 20, PATIENCE);
    outage.end();

    assertThat(outage.since(30, 40, PATIENCE)).isEqualTo(40);
  }

  @Test
  void isForgottenWhenNothingHasMetItForLong() {
    outage.since(10, 20, PATIENCE);

    assertThat(outage.since(119, 125, PATIENCE)).isEqualTo(20);
    assertThat(outage.since(225, 230, PATIENCE)).isEqualTo(230);
  }

  @Test
  void measuresTimeThatWrapsAround() {
    outage.since(Long.MAX_VALUE - 5, Long.MAX_VALUE, PATIENCE);

    assertThat(outage.since(Long.MIN_VALUE + 10, Long.MIN_VALUE + 20, PATIENCE))
        .isEqualTo(Long.MAX_VALUE);
  }
}
