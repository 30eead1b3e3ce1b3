package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.watch.console.RunConsole;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  @Test
  void saysThatTheRunIsAliveAndWritesItsStatus() throws InterruptedException {
    StringWriter said = new StringWriter();
    CountDownLatch written = new CountDownLatch(2);
    try (RunConsole console = RunConsole.lines(new PrintWriter(said));
        Heartbeat heartbeat = Heartbeat.start(console, Duration.ofMillis(20))) {
      heartbeat.writes(
          () -> {
            written.countDown();
            throw JobException.storageFailed("Cannot write status.json.", null);
          });
      assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(said.toString()).contains("… working");
  }

  @Test
  void isSilentWhereSomethingWasSaidAMomentAgo() throws InterruptedException {
    StringWriter said = new StringWriter();
    CountDownLatch written = new CountDownLatch(1);
    RunConsole console = RunConsole.lines(new PrintWriter(said));
    console.warn("something");
    console.alive("load images", Duration.ofMinutes(1));
    assertThat(said.toString()).doesNotContain("load images");

    try (Heartbeat heartbeat = Heartbeat.start(console, Duration.ofMillis(20))) {
      heartbeat.writes(written::countDown);
      assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
