package dev.featuremap.job.models.registry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.storage.BrokenSealException;
import dev.featuremap.job.storage.SealedJson;
import dev.featuremap.job.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An entry of the history as {@link SealedJson}. */
final class EntryFormat {
  static final String NAME = "entry";
  private static final int FORMAT = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private EntryFormat() {}

  static byte[] toBytes(HistoryEntry entry) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("number", entry.number());
    json.put("created-at", entry.createdAt().toString());
    json.put("nonce", entry.nonce());
    ArrayNode aliases = json.putArray("aliases");
    entry.aliases().forEach(aliases::add);
    json.put("version", entry.version());
    entry.model().ifPresent(model -> json.set("model", toJson(model)));
    return SealedJson.seal(NAME, json.toString());
  }

  private static ObjectNode toJson(PublishedModel model) {
    ModelSource source = model.source();
    ObjectNode json = JSON.createObjectNode();
    json.put("directory", model.directory());
    json.put("name", model.file().name());
    json.put("length", model.file().length());
    json.put("sha256", model.file().sha256());
    json.put("source", source.location());
    source.run().ifPresent(run -> json.put("run", run));
    json.put("epochs", source.epochs());
    if (Double.isFinite(source.testAccuracy())) {
      json.put("test-accuracy", source.testAccuracy());
    }
    return json;
  }

  /**
   * The entry in a file's bytes.
   *
   * @throws BrokenSealException if the file is torn or damaged
   * @throws IllegalArgumentException if it is whole, but of another format
   */
  static HistoryEntry fromBytes(byte[] bytes) throws BrokenSealException {
    byte[] body = SealedJson.open(NAME, bytes);
    try {
      JsonNode json = JSON.readTree(body);
      int format = json.required("format").asInt();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "its format is %d, expected %d".formatted(format, FORMAT));
      }
      List<String> aliases = new ArrayList<>();
      json.required("aliases").forEach(alias -> aliases.add(alias.asText()));
      return new HistoryEntry(
          json.required("number").asLong(),
          Instant.parse(json.required("created-at").asText()),
          json.required("nonce").asText(),
          aliases,
          json.required("version").asLong(),
          Optional.ofNullable(json.get("model")).map(EntryFormat::model));
    } catch (IOException | DateTimeParseException e) {
      throw new IllegalArgumentException("it is not the JSON expected: " + e.getMessage(), e);
    }
  }

  private static PublishedModel model(JsonNode json) {
    return new PublishedModel(
        json.required("directory").asText(),
        new StoredObject(
            json.required("name").asText(),
            json.required("length").asLong(),
            json.required("sha256").asText()),
        new ModelSource(
            json.required("source").asText(),
            Optional.ofNullable(json.get("run")).map(JsonNode::asText),
            json.required("epochs").asInt(),
            json.path("test-accuracy").asDouble(Double.NaN)));
  }
}
