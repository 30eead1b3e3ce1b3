package dev.featuremap.job.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/** Writes and reads the flat JSON objects of a run directory. */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A number, or null in place of NaN and the infinities, which JSON does not have. */
  static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  static String line(JsonNode object) {
    return object.toString() + "\n";
  }

  static String pretty(JsonNode object) {
    return object.toPrettyString() + "\n";
  }

  /**
   * Parses one object.
   *
   * @param what how the message names the text, for example {@code status.json}
   * @throws JobException with {@code BAD_DATA} if it is not one JSON object
   */
  static Fields parse(String text, String what) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return new Fields(object, what);
      }
      throw JobException.badData("Cannot read %s: expected a JSON object.".formatted(what));
    } catch (JsonProcessingException e) {
      throw JobException.badData(
          "Cannot read %s: %s in line %d."
              .formatted(what, e.getOriginalMessage(), e.getLocation().getLineNr()));
    }
  }

  /** The fields of one object; a missing one or one of another type is bad data. */
  record Fields(ObjectNode object, String what) {
    String text(String name) {
      return require(name, object.path(name).isTextual(), "a text").textValue();
    }

    Optional<String> optionalText(String name) {
      return object.path(name).isNull() ? Optional.empty() : Optional.of(text(name));
    }

    int integer(String name) {
      return require(name, object.path(name).isInt(), "an integer").intValue();
    }

    Optional<Integer> optionalInteger(String name) {
      return object.path(name).isNull() ? Optional.empty() : Optional.of(integer(name));
    }

    long longInteger(String name) {
      return require(name, object.path(name).isIntegralNumber(), "an integer").longValue();
    }

    /** A number; null stands for NaN. */
    double number(String name) {
      return object.path(name).isNull()
          ? Double.NaN
          : require(name, object.path(name).isNumber(), "a number or null").doubleValue();
    }

    RunId runId(String name) {
      String text = text(name);
      try {
        return RunId.of(text);
      } catch (IllegalArgumentException e) {
        throw JobException.badData("Cannot read %s: %s".formatted(what, e.getMessage()));
      }
    }

    Instant time(String name) {
      String text = text(name);
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw bad(name, "a time such as 2026-01-31T12:00:00Z");
      }
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
      String text = text(name);
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> constant.name().equals(text))
          .findFirst()
          .orElseThrow(() -> bad(name, "one of " + Arrays.toString(type.getEnumConstants())));
    }

    private JsonNode require(String name, boolean valid, String expected) {
      if (!valid) {
        throw bad(name, expected);
      }
      return object.get(name);
    }

    private JobException bad(String name, String expected) {
      String got = object.has(name) ? object.get(name).toString() : "nothing";
      return JobException.badData(
          "Cannot read %s: %s must be %s, got %s.".formatted(what, name, expected, got));
    }
  }
}
