package dev.featuremap.job.training.rounds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.record.Program;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.kernel.Kernels;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a manifest says of a checkpoint besides its objects: with them, all that a resume needs.
 *
 * @param numericsVersion the arithmetic the parameters come from
 * @param fingerprint of the settings that determine the result
 * @param trainDigests digest of each worker's shard
 * @param validationDigests digest of each shard of the validation images; none without such
 * @param testDigests digest of each shard of the test images; where there are validation images,
 *     none
 * @param labels names of the classes in order; empty where they have none
 * @param badRecords records of all sets that are left out; those of test images that are held out,
 *     once the run is complete
 * @param epoch epochs completed
 * @param nextRound the round to run next in the epoch in progress
 * @param rounds rounds completed
 * @param tally of the rounds of the epoch in progress
 * @param history one entry for each completed epoch
 * @param preparation what all attempts spent before their first rounds
 * @param kernels what workers have reported
 * @param started when the first attempt started
 * @param attempts drivers that have worked on the run
 * @param complete true when no epoch is left to train
 * @param metrics what is known of the test images at the end of a run that is complete
 */
public record RunState(
    int numericsVersion,
    String fingerprint,
    List<String> trainDigests,
    List<String> validationDigests,
    List<String> testDigests,
    List<String> labels,
    long badRecords,
    int epoch,
    int nextRound,
    long rounds,
    EpochTally tally,
    List<EpochMetrics> history,
    SetupTimes preparation,
    String kernels,
    Instant started,
    int attempts,
    boolean complete,
    Optional<TestMetrics> metrics) {
  private static final String VALIDATION_SHARDS = "validation-shards";
  private static final String METRICS = "test-metrics";

  /** The state of a run without validation images, of whose end no more is known. */
  public RunState(
      int numericsVersion,
      String fingerprint,
      List<String> trainDigests,
      List<String> testDigests,
      List<String> labels,
      long badRecords,
      int epoch,
      int nextRound,
      long rounds,
      EpochTally tally,
      List<EpochMetrics> history,
      SetupTimes preparation,
      String kernels,
      Instant started,
      int attempts,
      boolean complete) {
    this(
        numericsVersion,
        fingerprint,
        trainDigests,
        List.of(),
        testDigests,
        labels,
        badRecords,
        epoch,
        nextRound,
        rounds,
        tally,
        history,
        preparation,
        kernels,
        started,
        attempts,
        complete,
        Optional.empty());
  }

  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("numerics-version", numericsVersion);
    json.put("fingerprint", fingerprint);
    putTexts(json.putArray("train-shards"), trainDigests);
    if (!validationDigests.isEmpty()) {
      putTexts(json.putArray(VALIDATION_SHARDS), validationDigests);
    }
    putTexts(json.putArray("test-shards"), testDigests);
    putTexts(json.putArray("labels"), labels);
    json.put("bad-records", badRecords);
    json.put("epoch", epoch);
    json.put("next-round", nextRound);
    json.put("rounds", rounds);
    json.set("tally", toJson(tally));
    putTexts(json.putArray("history"), EpochMetrics.toLines(history).lines().toList());
    json.set("preparation", preparation.toJson());
    json.put("kernels", kernels);
    json.put(Program.KEY, Program.VERSION);
    json.put("started", started.toString());
    json.put("attempts", attempts);
    json.put("complete", complete);
    metrics.ifPresent(test -> json.set(METRICS, test.toJson()));
    return json;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws JobException with {@code BAD_DATA} if a field is missing or of another type
   */
  public static RunState fromJson(ObjectNode json) {
    return fromJson(json, List.of());
  }

  /**
   * The same, with epochs that are stored elsewhere.
   *
   * @param earlier those before the ones that {@code json} has
   */
  public static RunState fromJson(ObjectNode json, List<EpochMetrics> earlier) {
    try {
      Json.Fields fields = Json.part(json);
      return new RunState(
          fields.integer("numerics-version"),
          fields.text("fingerprint"),
          fields.texts("train-shards"),
          fields.has(VALIDATION_SHARDS) ? fields.texts(VALIDATION_SHARDS) : List.of(),
          fields.texts("test-shards"),
          fields.texts("labels"),
          fields.longInteger("bad-records"),
          fields.integer("epoch"),
          fields.integer("next-round"),
          fields.longInteger("rounds"),
          tally(fields.within("tally")),
          Stream.concat(
                  earlier.stream(),
                  EpochMetrics.fromLines(String.join("\n", fields.texts("history"))).stream())
              .toList(),
          SetupTimes.from(fields.within("preparation")),
          fields.text("kernels"),
          Instant.parse(fields.text("started")),
          fields.integer("attempts"),
          fields.flag("complete"),
          fields.has(METRICS) ? TestMetrics.from(fields.within(METRICS)) : Optional.empty());
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new JobException(
          ExitCode.BAD_DATA,
          "Cannot resume: the newest manifest does not describe a training state: %s. It was written by another program or version."
              .formatted(e.getMessage()),
          e);
    }
  }

  /**
   * Checks that a run of these settings, with this program, can go on from here.
   *
   * @param isEarlier tells by their fingerprint which settings the run has had before
   * @throws JobException with {@code BAD_DATA} if its result would not be that of an undisturbed
   *     run
   */
  public void requireContinuedBy(JobConfig config, Predicate<String> isEarlier) {
    if (numericsVersion != Kernels.NUMERICS_VERSION) {
      throw JobException.badData(
          "Cannot resume run %s: its arithmetic must be version %s, got %s. Finish it with the version that started it, or start a new run."
              .formatted(config.runId(), Kernels.NUMERICS_VERSION, numericsVersion));
    }
    if (!isOf(config) && !isEarlier.test(fingerprint)) {
      requireSameSettings(config);
    }
  }

  /** True for a run whose epochs are compared by validation images. */
  public boolean hasValidation() {
    return !validationDigests.isEmpty();
  }

  /** True if the checkpoint comes from these settings. */
  public boolean isOf(JobConfig config) {
    return fingerprint.equals(config.fingerprint());
  }

  /**
   * Checks that the checkpoint comes from these settings.
   *
   * @throws JobException with {@code BAD_DATA} if another run has written it
   */
  public void requireSameSettings(JobConfig config) {
    if (!isOf(config)) {
      throw JobException.badData(
          "Cannot resume run %s: its newest checkpoint must come from settings with the fingerprint %s, got %s. Restore the run's config.conf, or start a new run."
              .formatted(config.runId(), config.fingerprint(), fingerprint));
    }
  }

  private static ObjectNode toJson(EpochTally tally) {
    ObjectNode json =
        Json.object()
            .put("loss-sum", tally.lossSum())
            .put("correct", tally.correct())
            .put("images", tally.images())
            .put("drift", tally.drift());
    tally.times().putInto(json, "");
    return json;
  }

  private static EpochTally tally(Json.Fields json) {
    return new EpochTally(
        json.finiteNumber("loss-sum"),
        json.longInteger("correct"),
        json.longInteger("images"),
        json.finiteNumber("drift"),
        EpochTimes.from(json.object(), "", "the newest manifest"));
  }

  private static void putTexts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
