package dev.featuremap.job.watch.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong();
  private final PrintStream terminal = new PrintStream(screen, true, StandardCharsets.UTF_8);

  private ProgressBar bar() {
    return new ProgressBar(terminal, clock::get);
  }

  private String drawn() {
    String text = screen.toString(StandardCharsets.UTF_8);
    screen.reset();
    return text.replace("\r\u001b[K", "|");
  }

  @Test
  void movesBetweenRoundsByTheTimeExpected() {
    try (ProgressBar bar = bar()) {
      bar.expect("epoch 2/5", 0.5, 1.0, 10);
      clock.set(5_000_000_000L);
      bar.draw();
      assertThat(drawn()).isEqualTo("|epoch 2/5 [#######################.......]  75 %  5 s");
    }
  }

  @Test
  void neverReachesTheEndBeforeTheRoundDoes() {
    try (ProgressBar bar = bar()) {
      bar.expect("epoch 1/1", 0, 1, 10);
      clock.set(60_000_000_000L);
      bar.draw();
      assertThat(drawn()).contains(" 99 %  60 s");
    }
  }

  @Test
  void drawsNothingOnceErased() {
    try (ProgressBar bar = bar()) {
      bar.expect("epoch 1/1", 0, 1, 10);
      bar.erase();
      assertThat(drawn()).isEqualTo("|");
      bar.draw();
      assertThat(drawn()).isEmpty();
    }
  }

  @Test
  void itsThreadEndsWithIt() {
    ProgressBar bar = ProgressBar.on(terminal);
    bar.expect("epoch 1/1", 0, 1, 10);
    bar.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("featuremap-progress"));
  }
}
