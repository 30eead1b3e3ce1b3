package dev.featuremap.job.training.rounds;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import java.time.Instant;
import java.util.List;

/** The parser of training states in manifests. */
public final class RunStateInputs {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunStateInputs() {}

  /** The parser. */
  public static InputParser parser() {
    EpochTimes times = new EpochTimes(0.1, 0, 0, 0, 0, 0.5, 0);
    EpochMetrics epoch = new EpochMetrics(1, 4, 0.1, 0.3, 0.5, Double.NaN, 0.7, 0.1, 1234.5, times);
    RunState state =
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
            new EpochTally(0.3, 3, 1L << 40, 1e-300, times),
            List.of(epoch),
            new SetupTimes(1.5, 2.5, EpochTimes.UNKNOWN),
            "vector/16 lanes",
            Instant.EPOCH,
            5,
            false);
    return new InputParser(
        "run-state",
        List.of(state.toJson().toString().getBytes(UTF_8)),
        bytes -> {
          // Manifests hold nothing but an object there.
          if (JSON.readTree(new String(bytes, UTF_8)) instanceof ObjectNode object) {
            RunState.fromJson(object);
          }
        },
        List.of(JobException.class, JsonProcessingException.class));
  }
}
