package dev.featuremap.job.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where the wall time of epochs went, in seconds. The parts follow each other without a gap, so
 * they add up to the wall time; a part that nobody knows is NaN and counts as nothing.
 *
 * <p>Workers train at the same time, so seconds of workers are made seconds of the wall by what a
 * round's cores did while at least one worker trained, on the process where that took longest:
 *
 * <pre>
 *   training = compute + wait + imbalance
 *   compute  = seconds of all workers in training steps / cores
 *   wait     = seconds of all workers for images        / cores
 *   cores    = most workers that trained at once
 * </pre>
 *
 * @param compute training steps
 * @param waiting workers that wait for images
 * @param imbalance cores that idle while other workers train: the slowest worker against the mean,
 *     where there is a core for each
 * @param reduce joining what workers return, and the next state
 * @param schedule what is left of rounds: broadcast, Spark's scheduling, tasks that start and end,
 *     results on their way
 * @param evaluate the test images
 * @param checkpoint publishing checkpoints and writing the views of the run, since the entry before
 */
public record EpochTimes(
    double compute,
    double waiting,
    double imbalance,
    double reduce,
    double schedule,
    double evaluate,
    double checkpoint) {
  /** Names of the parts, in order. */
  public static final List<String> PARTS =
      List.of("compute", "wait", "imbalance", "reduce", "schedule", "evaluate", "checkpoint");

  /** No time at all. */
  public static final EpochTimes NONE = new EpochTimes(0, 0, 0, 0, 0, 0, 0);

  /** Nothing is known. */
  public static final EpochTimes UNKNOWN = NONE.times(Double.NaN);

  /** Time for computing what training steps need, and nothing else. */
  public static EpochTimes ofCompute(double seconds) {
    return new EpochTimes(seconds, 0, 0, 0, 0, 0, 0);
  }

  /** Time for the test images alone. */
  public static EpochTimes ofEvaluate(double seconds) {
    return new EpochTimes(0, 0, 0, 0, 0, seconds, 0);
  }

  /** Time for publishing alone. */
  public static EpochTimes ofCheckpoint(double seconds) {
    return new EpochTimes(0, 0, 0, 0, 0, 0, seconds);
  }

  /** The parts in the order of {@link #PARTS}. */
  public List<Double> values() {
    return List.of(compute, waiting, imbalance, reduce, schedule, evaluate, checkpoint);
  }

  /** The sum of the parts. */
  public double seconds() {
    return values().stream().filter(Double::isFinite).mapToDouble(part -> part).sum();
  }

  /** The sum of the parts that rounds consist of. */
  public double roundSeconds() {
    return compute + waiting + imbalance + reduce + schedule;
  }

  /** Both one after the other. */
  public EpochTimes plus(EpochTimes more) {
    return new EpochTimes(
        compute + more.compute,
        waiting + more.waiting,
        imbalance + more.imbalance,
        reduce + more.reduce,
        schedule + more.schedule,
        evaluate + more.evaluate,
        checkpoint + more.checkpoint);
  }

  /** All parts multiplied. */
  public EpochTimes times(double factor) {
    return new EpochTimes(
        compute * factor,
        waiting * factor,
        imbalance * factor,
        reduce * factor,
        schedule * factor,
        evaluate * factor,
        checkpoint * factor);
  }

  /** Adds the parts as fields such as {@code compute-seconds}, with {@code prefix} before them. */
  public void putInto(ObjectNode object, String prefix) {
    named(prefix).forEach((name, seconds) -> object.put(name, Json.finite(seconds)));
  }

  /** The parts by the names that {@link #putInto} gives them. */
  Map<String, Double> named(String prefix) {
    List<Double> values = values();
    Map<String, Double> named = new LinkedHashMap<>();
    for (int part = 0; part < PARTS.size(); part++) {
      named.put(field(prefix, part), values.get(part));
    }
    return named;
  }

  /**
   * Reads what {@link #putInto} wrote.
   *
   * @param what how a message names the object
   * @throws JobException with {@code BAD_DATA} if a part is missing or no number
   */
  public static EpochTimes from(ObjectNode object, String prefix, String what) {
    return from(Json.fields(object, what), prefix);
  }

  static EpochTimes from(Json.Fields fields, String prefix) {
    double[] parts =
        IntStream.range(0, PARTS.size())
            .mapToDouble(part -> fields.number(field(prefix, part)))
            .toArray();
    return new EpochTimes(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
  }

  private static String field(String prefix, int part) {
    return prefix + PARTS.get(part) + "-seconds";
  }
}
