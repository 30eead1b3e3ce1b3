package dev.featuremap.job.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunStatusTest {
  private static final Instant START = Instant.parse("2026-11-22T18:15:00Z");
  private static final Instant LATER = Instant.parse("2026-11-22T18:20:00Z");
  private static final RunStatus RUNNING =
      RunStatus.running(RunId.of("a:b"), 0, 2, "app-1", START, START);

  @Test
  void isWrittenAsFlatJson() {
    assertThat(RUNNING.atEpoch(3, LATER).failed(ExitCode.STORAGE_FAILED, "disk\n\"full\"", LATER))
        .extracting(RunStatus::toJson)
        .isEqualTo(
            """
            {
              "run-id" : "a:b",
              "state" : "FAILED",
              "epoch" : 3,
              "attempt" : 2,
              "application-id" : "app-1",
              "exit-code" : 74,
              "reason" : "disk\\n\\"full\\"",
              "started" : "2026-11-22T18:15:00Z",
              "updated" : "2026-11-22T18:20:00Z",
              "featuremap" : "%s"
            }
            """
                .formatted(Program.VERSION));
  }

  @Test
  void comesBackFromItsText() {
    assertThat(RunStatus.fromJson(RUNNING.toJson())).isEqualTo(RUNNING);
    RunStatus finished = RUNNING.finished(LATER);
    assertThat(RunStatus.fromJson(finished.toJson())).isEqualTo(finished);
    RunStatus failed = RUNNING.failed(ExitCode.BAD_DATA, "NaN", LATER);
    assertThat(RunStatus.fromJson(failed.toJson())).isEqualTo(failed);
  }

  @Test
  void hasAnExitCodeOnlyWhenItEnded() {
    assertThat(RUNNING.exitCode()).isEmpty();
    assertThat(RUNNING.finished(LATER).exitCode()).contains(0);
    assertThat(RUNNING.failed(ExitCode.RUN_HELD, "held", LATER).exitCode()).contains(75);
  }

  @Test
  void refusesTextThatIsNoJson() {
    assertRefused("{\n\"state\": ", "Cannot read status.json: Unexpected end-of-input", "line 2.");
    assertRefused("[]", "Cannot read status.json: expected a JSON object.", "");
    assertRefused("{} {}", "Cannot read status.json: Trailing token", "line 1.");
    assertRefused("{\"a\":1,\"a\":2}", "Cannot read status.json: Duplicate field 'a'", "line 1.");
  }

  @Test
  void refusesFieldsOfAnotherType() {
    String json = RUNNING.toJson();
    assertRefused(
        json.replace("RUNNING", "JOGGING"),
        "Cannot read status.json: state must be one of [RUNNING, FINISHED, FAILED, KILLED, OUT_OF_TIME],",
        "got \"JOGGING\".");
    assertRefused(
        json.replace("\"attempt\" : 2", "\"attempt\" : 2.5"),
        "Cannot read status.json: attempt must be an integer,",
        "got 2.5.");
    assertRefused(
        json.replace("\"attempt\" : 2,", ""),
        "Cannot read status.json: attempt must be an integer,",
        "got nothing.");
    assertRefused(
        json.replace("\"started\" : \"2026-11-22T18:15:00Z\"", "\"started\" : \"noon\""),
        "Cannot read status.json: started must be a time such as 2026-01-31T12:00:00Z,",
        "got \"noon\".");
    assertRefused(
        json.replace("a:b", "../b"),
        "Cannot read status.json: Cannot use run id \"../b\":",
        "it must not start with . or _.");
  }

  private static void assertRefused(String json, String start, String end) {
    assertThatThrownBy(() -> RunStatus.fromJson(json))
        .hasMessageStartingWith(start)
        .hasMessageEndingWith(end)
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA));
  }
}
