package dev.featuremap.job.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Writes the JSON of this program, and reads it back strictly: a field that is missing, there twice
 * or of another type is refused, as is anything behind the end.
 */
public final class Json {
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ObjectMapper TOLERANT = new ObjectMapper();

  private Json() {}

  /** An object without fields. */
  public static ObjectNode object() {
    return STRICT.createObjectNode();
  }

  /** An array without elements. */
  public static ArrayNode array() {
    return STRICT.createArrayNode();
  }

  /** A number, or null in place of NaN and the infinities, which JSON does not have. */
  public static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** The text of an object in one line, with its line feed. */
  public static String line(JsonNode object) {
    return object.toString() + "\n";
  }

  /** The text of an object for people, a field a line. */
  public static String pretty(JsonNode object) {
    return object.toPrettyString() + "\n";
  }

  /**
   * Reads a file of this program that is one object.
   *
   * @param what how messages name the text, for example {@code status.json}
   * @throws JobException with {@code BAD_DATA} if it is not one JSON object; the fields throw the
   *     same
   */
  public static Fields parse(String text, String what) {
    try {
      if (STRICT.readTree(text) instanceof ObjectNode object) {
        return fields(object, what);
      }
      throw JobException.badData("Cannot read %s: expected a JSON object.".formatted(what));
    } catch (JsonProcessingException e) {
      // A limit of the parser has no place.
      String place = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
      throw JobException.badData(
          "Cannot read %s: %s%s.".formatted(what, e.getOriginalMessage(), place));
    }
  }

  /**
   * Reads an object inside a file of this program, whose reader says what the file is.
   *
   * @throws JsonProcessingException if it is not JSON
   * @throws IOException if it is not UTF-8
   * @throws IllegalArgumentException if it is not an object; the fields throw the same
   */
  public static Fields part(byte[] text) throws IOException {
    if (STRICT.readTree(text) instanceof ObjectNode object) {
      return part(object);
    }
    throw new IllegalArgumentException("expected a JSON object");
  }

  /** What another program wrote: of fields that are there twice the last counts. */
  public static JsonNode foreign(byte[] text) throws IOException {
    return TOLERANT.readTree(text);
  }

  /** The fields of an object; one that is missing or of another type is {@code BAD_DATA}. */
  public static Fields fields(ObjectNode object, String what) {
    return new Fields(object, Optional.of(what));
  }

  /** The fields of a part; one that is missing or of another type is an illegal argument. */
  public static Fields part(ObjectNode object) {
    return new Fields(object, Optional.empty());
  }

  /** The fields of one object. Each method refuses one that is missing or of another type. */
  public static final class Fields {
    private final ObjectNode object;
    private final Optional<String> file;

    private Fields(ObjectNode object, Optional<String> file) {
      this.object = object;
      this.file = file;
    }

    /** True when there is a field of that name, though it be null. */
    public boolean has(String name) {
      return object.has(name);
    }

    /** All fields as they are. */
    public ObjectNode object() {
      return object;
    }

    /** A field that is an object. */
    public ObjectNode object(String name) {
      return (ObjectNode) require(name, object.path(name).isObject(), "an object");
    }

    /** The fields of an object within. */
    public Fields within(String name) {
      return new Fields(object(name), file);
    }

    /** The objects in an array. */
    public List<Fields> objects(String name) {
      return elements(name, JsonNode::isObject, "an object")
          .map(element -> new Fields((ObjectNode) element, file))
          .toList();
    }

    /** The texts in an array. */
    public List<String> texts(String name) {
      return elements(name, JsonNode::isTextual, "a text").map(JsonNode::textValue).toList();
    }

    private Stream<JsonNode> elements(String name, Predicate<JsonNode> valid, String expected) {
      JsonNode array = require(name, object.path(name).isArray(), "an array");
      return StreamSupport.stream(array.spliterator(), false)
          .map(element -> require(name, element, valid.test(element), expected));
    }

    /** A text. */
    public String text(String name) {
      return require(name, object.path(name).isTextual(), "a text").textValue();
    }

    /** A text; empty for null. */
    public Optional<String> optionalText(String name) {
      return object.path(name).isNull() ? Optional.empty() : Optional.of(text(name));
    }

    /** True or false. */
    public boolean flag(String name) {
      return require(name, object.path(name).isBoolean(), "true or false").booleanValue();
    }

    /** An integer of 32 bits. */
    public int integer(String name) {
      return require(name, object.path(name).isInt(), "an integer").intValue();
    }

    /** An integer of 32 bits; empty for null. */
    public Optional<Integer> optionalInteger(String name) {
      return object.path(name).isNull() ? Optional.empty() : Optional.of(integer(name));
    }

    /** An integer of 64 bits. */
    public long longInteger(String name) {
      return require(name, object.path(name).isIntegralNumber(), "an integer").longValue();
    }

    /** A number; null stands for NaN. */
    public double number(String name) {
      return object.path(name).isNull()
          ? Double.NaN
          : require(name, object.path(name).isNumber(), "a number or null").doubleValue();
    }

    /** A number, and not null. */
    public double finiteNumber(String name) {
      return require(name, object.path(name).isNumber(), "a number").doubleValue();
    }

    /** The id of a run, in a file of its own. */
    public RunId runId(String name) {
      String text = text(name);
      try {
        return RunId.of(text);
      } catch (IllegalArgumentException e) {
        throw JobException.badData("Cannot read %s: %s".formatted(file.get(), e.getMessage()));
      }
    }

    /** A time in UTC. */
    public Instant time(String name) {
      String text = text(name);
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw refusal(name, object.path(name), "a time such as 2026-01-31T12:00:00Z");
      }
    }

    /** The constant of that name. */
    public <E extends Enum<E>> E choice(String name, Class<E> type) {
      String text = text(name);
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> constant.name().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  refusal(
                      name,
                      object.path(name),
                      "one of " + Arrays.toString(type.getEnumConstants())));
    }

    private JsonNode require(String name, boolean valid, String expected) {
      return require(name, object.path(name), valid, expected);
    }

    private JsonNode require(String name, JsonNode got, boolean valid, String expected) {
      if (!valid) {
        throw refusal(name, got, expected);
      }
      return got;
    }

    private RuntimeException refusal(String name, JsonNode got, String expected) {
      boolean missing = got.isMissingNode();
      if (file.isPresent()) {
        return JobException.badData(
            "Cannot read %s: %s must be %s, got %s."
                .formatted(file.get(), name, expected, missing ? "nothing" : got));
      }
      return new IllegalArgumentException(
          missing
              ? "No value for property '%s' of `ObjectNode`".formatted(name)
              : "got %s, expected %s as %s".formatted(got, expected, name));
    }
  }
}
