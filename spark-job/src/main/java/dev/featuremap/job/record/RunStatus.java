package dev.featuremap.job.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run is doing, or why it ended: the text of {@code status.json}. Exit codes do not survive
 * every deploy mode of Spark; this does.
 *
 * @param runId the run
 * @param state whether it runs
 * @param epoch epochs completed
 * @param attempt drivers that have worked on the run, this one included
 * @param applicationId Spark's id of the application
 * @param exitCode how the process ends; empty while it runs
 * @param reason why it ended before its end, in words; empty otherwise
 * @param started when the first attempt started
 * @param updated when this was written
 */
public record RunStatus(
    RunId runId,
    State state,
    int epoch,
    int attempt,
    String applicationId,
    Optional<Integer> exitCode,
    Optional<String> reason,
    Instant started,
    Instant updated) {

  /** Whether a run is going on. */
  public enum State {
    /** A driver works on it, or died without a word. */
    RUNNING,
    /** All epochs are done, or early stopping ended it. */
    FINISHED,
    /** It ended with an exit code other than 0; starting it again resumes it. */
    FAILED,
    /** Its driver was told to end and has saved it; starting it again resumes it. */
    KILLED,
    /** The time it was given is up, and it is saved; starting it again resumes it. */
    OUT_OF_TIME;

    private static State of(ExitCode code) {
      return switch (code) {
        case OK -> FINISHED;
        case KILLED -> KILLED;
        case OUT_OF_TIME -> OUT_OF_TIME;
        default -> FAILED;
      };
    }
  }

  /** The status of a driver that starts or resumes a run. */
  public static RunStatus running(
      RunId runId, int epoch, int attempt, String applicationId, Instant started, Instant now) {
    return new RunStatus(
        runId,
        State.RUNNING,
        epoch,
        attempt,
        applicationId,
        Optional.empty(),
        Optional.empty(),
        started,
        now);
  }

  /** The same run with more epochs done. */
  public RunStatus atEpoch(int completed, Instant now) {
    return running(runId, completed, attempt, applicationId, started, now);
  }

  /** The same run, still going on. */
  public RunStatus alive(Instant now) {
    return new RunStatus(
        runId, state, epoch, attempt, applicationId, exitCode, reason, started, now);
  }

  /** The same run, complete. */
  public RunStatus finished(Instant now) {
    return ended(ExitCode.OK, Optional.empty(), now);
  }

  /** The same run, given up for now or for good. */
  public RunStatus failed(ExitCode code, String why, Instant now) {
    return ended(code, Optional.of(why), now);
  }

  private RunStatus ended(ExitCode code, Optional<String> why, Instant now) {
    return new RunStatus(
        runId,
        State.of(code),
        epoch,
        attempt,
        applicationId,
        Optional.of(code.code()),
        why,
        started,
        now);
  }

  /** The text of {@code status.json}. */
  public String toJson() {
    ObjectNode object = Json.object();
    object.put("run-id", runId.text());
    object.put("state", state.name());
    object.put("epoch", epoch);
    object.put("attempt", attempt);
    object.put("application-id", applicationId);
    object.put("exit-code", exitCode.orElse(null));
    object.put("reason", reason.orElse(null));
    object.put("started", started.toString());
    object.put("updated", updated.toString());
    object.put(Program.KEY, Program.VERSION);
    return Json.pretty(object);
  }

  /**
   * Reads {@code status.json}.
   *
   * @throws JobException with {@code BAD_DATA} if it is damaged
   */
  public static RunStatus fromJson(String text) {
    Json.Fields fields = Json.parse(text, "status.json");
    return new RunStatus(
        fields.runId("run-id"),
        fields.choice("state", State.class),
        fields.integer("epoch"),
        fields.integer("attempt"),
        fields.text("application-id"),
        fields.optionalInteger("exit-code"),
        fields.optionalText("reason"),
        fields.time("started"),
        fields.time("updated"));
  }
}
