package dev.featuremap.job.config;

import dev.featuremap.spec.Options;
import java.time.Duration;
import java.util.Optional;

/**
 * How long one start of a run may take.
 *
 * @param time from its start to its end; empty for any time
 * @param grace from being told to end to the end, at least 0
 */
public record Limits(Optional<Duration> time, Duration grace) {
  private static final long MILLIS_A_MINUTE = 60_000;

  static Limits read(Options section) {
    double minutes =
        section.number("max-minutes", "from 0 to 1000000", m -> m >= 0 && m <= 1_000_000);
    int grace = section.integer("grace-seconds", 0, 3600);
    Optional<Duration> time =
        minutes == 0
            ? Optional.empty()
            : Optional.of(Duration.ofMillis((long) (minutes * MILLIS_A_MINUTE)));
    return new Limits(time, Duration.ofSeconds(grace));
  }
}
