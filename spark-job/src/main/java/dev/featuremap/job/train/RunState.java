package dev.featuremap.job.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.run.EpochMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a manifest says of a checkpoint besides its objects: with them, all that a resume needs.
 *
 * @param numericsVersion the arithmetic the parameters come from
 * @param fingerprint of the settings that determine the result
 * @param trainDigests digest of each worker's shard
 * @param testDigests digest of each shard of the test images
 * @param epoch epochs completed
 * @param nextRound the round to run next in the epoch in progress
 * @param rounds rounds completed
 * @param tally of the rounds of the epoch in progress
 * @param history one entry for each completed epoch
 * @param kernels what workers have reported
 * @param started when the first attempt started
 * @param attempts drivers that have worked on the run
 * @param complete true when no epoch is left to train
 */
record RunState(
    int numericsVersion,
    String fingerprint,
    List<String> trainDigests,
    List<String> testDigests,
    int epoch,
    int nextRound,
    long rounds,
    EpochTally tally,
    List<EpochMetrics> history,
    String kernels,
    Instant started,
    int attempts,
    boolean complete) {
  private static final ObjectMapper JSON = new ObjectMapper();

  ObjectNode toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("numerics-version", numericsVersion);
    json.put("fingerprint", fingerprint);
    putTexts(json.putArray("train-shards"), trainDigests);
    putTexts(json.putArray("test-shards"), testDigests);
    json.put("epoch", epoch);
    json.put("next-round", nextRound);
    json.put("rounds", rounds);
    json.set("tally", toJson(tally));
    putTexts(json.putArray("history"), EpochMetrics.toLines(history).lines().toList());
    json.put("kernels", kernels);
    json.put("started", started.toString());
    json.put("attempts", attempts);
    json.put("complete", complete);
    return json;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws JobException with {@code BAD_DATA} if a field is missing
   */
  static RunState fromJson(ObjectNode json) {
    try {
      return new RunState(
          json.required("numerics-version").intValue(),
          json.required("fingerprint").textValue(),
          texts(json.required("train-shards")),
          texts(json.required("test-shards")),
          json.required("epoch").intValue(),
          json.required("next-round").intValue(),
          json.required("rounds").longValue(),
          tally(json.required("tally")),
          EpochMetrics.fromLines(String.join("\n", texts(json.required("history")))),
          json.required("kernels").textValue(),
          Instant.parse(json.required("started").textValue()),
          json.required("attempts").intValue(),
          json.required("complete").booleanValue());
    } catch (IllegalArgumentException e) {
      throw new JobException(
          ExitCode.BAD_DATA,
          "Cannot resume: the newest manifest does not describe a training state: %s. It was written by another program or version."
              .formatted(e.getMessage()),
          e);
    }
  }

  private static ObjectNode toJson(EpochTally tally) {
    return JSON.createObjectNode()
        .put("loss-sum", tally.lossSum())
        .put("correct", tally.correct())
        .put("images", tally.images())
        .put("drift", tally.drift())
        .put("seconds", tally.seconds());
  }

  private static EpochTally tally(JsonNode json) {
    return new EpochTally(
        json.required("loss-sum").doubleValue(),
        json.required("correct").longValue(),
        json.required("images").longValue(),
        json.required("drift").doubleValue(),
        json.required("seconds").doubleValue());
  }

  private static void putTexts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }
}
