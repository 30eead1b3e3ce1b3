package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.kernel.Kernels;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunStateTest {
  private final RunState state =
      new RunState(
          3,
          "fingerprint",
          List.of("a", "b"),
          List.of("c"),
          List.of("cat", "dog"),
          7,
          1,
          2,
          1L << 35,
          new EpochTally(0.1 + 0.2, 3, 1L << 40, 1e-300, new EpochTimes(1, 2, 3, 4, 5, 6, 7)),
          List.of(
              new EpochMetrics(
                  1,
                  4,
                  0.1,
                  1.0 / 3,
                  0.5,
                  Double.NaN,
                  0.7,
                  0.01,
                  1234.5,
                  new EpochTimes(0.1, 0, 0, 0, 0, 1.0 / 3, 0))),
          new SetupTimes(1.5, 2.5, EpochTimes.UNKNOWN),
          "vector/16 lanes",
          Instant.parse("2026-01-31T12:00:00.123Z"),
          5,
          false);

  @Test
  void comesBackFromItsJson() throws Exception {
    ObjectNode read = (ObjectNode) new ObjectMapper().readTree(state.toJson().toString());

    assertThat(RunState.fromJson(read)).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "numerics-version",
        "fingerprint",
        "train-shards",
        "test-shards",
        "labels",
        "bad-records",
        "epoch",
        "next-round",
        "rounds",
        "tally",
        "history",
        "preparation",
        "kernels",
        "started",
        "attempts",
        "complete"
      })
  void missesEachOfItsFields(String field) {
    ObjectNode json = state.toJson();
    json.remove(field);

    assertThatItIsRefused(json, "No value for property '%s' of `ObjectNode`".formatted(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epoch | \"one\" | got \"one\", expected an integer as epoch",
        "rounds | 1.5 | got 1.5, expected an integer as rounds",
        "fingerprint | 7 | got 7, expected a text",
        "train-shards | [1] | got 1, expected a text",
        "started | \"today\" | Text 'today' could not be parsed at index 0"
      })
  void refusesAFieldOfAnotherType(String field, String value, String reason) throws Exception {
    ObjectNode json = state.toJson();
    json.set(field, new ObjectMapper().readTree(value));

    assertThatItIsRefused(json, reason);
  }

  @Test
  void isContinuedOnlyWithTheSameArithmeticAndSettings() {
    JobConfig config = SmallRun.of("/data", "/runs").config();

    withOrigin(Kernels.NUMERICS_VERSION, config.fingerprint())
        .requireContinuedBy(config, any -> false);
    withOrigin(Kernels.NUMERICS_VERSION, "earlier")
        .requireContinuedBy(config, fingerprint -> fingerprint.equals("earlier"));
    assertThat(refusal(withOrigin(99, config.fingerprint()), config))
        .hasMessage(
            "Cannot resume run small: its arithmetic must be version %s, got 99. Finish it with the version that started it, or start a new run.",
            Kernels.NUMERICS_VERSION);
    assertThat(refusal(withOrigin(Kernels.NUMERICS_VERSION, "other"), config))
        .hasMessage(
            "Cannot resume run small: its newest checkpoint must come from settings with the fingerprint %s, got other. Restore the run's config.conf, or start a new run.",
            config.fingerprint());
  }

  private static JobException refusal(RunState refused, JobConfig config) {
    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> refused.requireContinuedBy(config, any -> false));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    return failure;
  }

  private RunState withOrigin(int numericsVersion, String fingerprint) {
    return RunState.fromJson(
        state.toJson().put("numerics-version", numericsVersion).put("fingerprint", fingerprint));
  }

  private static void assertThatItIsRefused(ObjectNode json, String reason) {
    JobException failure = catchThrowableOfType(JobException.class, () -> RunState.fromJson(json));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessageStartingWith(
            "Cannot resume: the newest manifest does not describe a training state: " + reason)
        .hasMessageEndingWith(". It was written by another program or version.");
  }
}
