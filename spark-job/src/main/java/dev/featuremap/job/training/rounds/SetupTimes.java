package dev.featuremap.job.training.rounds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.Json;

/**
 * What happens before the first round of an attempt, in time.
 *
 * @param start seconds that all attempts needed besides loading
 * @param load seconds that they needed to load the images
 * @param estimate what the last of them expected of an epoch
 */
public record SetupTimes(double start, double load, EpochTimes estimate) {
  public static final SetupTimes NONE = new SetupTimes(0, 0, EpochTimes.UNKNOWN);

  private static final String ESTIMATED = "estimated-epoch-";

  /** This attempt's after those of {@code earlier} ones. */
  public SetupTimes after(SetupTimes earlier) {
    return new SetupTimes(earlier.start + start, earlier.load + load, estimate);
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("start-seconds", start).put("load-seconds", load);
    estimate.putInto(json, ESTIMATED);
    return json;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if a part of it is missing
   * @throws JobException if a part of the estimate is
   */
  static SetupTimes from(Json.Fields json) {
    return new SetupTimes(
        json.finiteNumber("start-seconds"),
        json.finiteNumber("load-seconds"),
        EpochTimes.from(json.object(), ESTIMATED, "the newest manifest"));
  }
}
