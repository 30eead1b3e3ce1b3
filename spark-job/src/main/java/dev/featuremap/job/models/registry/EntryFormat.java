package dev.featuremap.job.models.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.format.BrokenSealException;
import dev.featuremap.format.SealedJson;
import dev.featuremap.format.StoredNames;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.storage.StoredObject;
import java.io.IOException;
import java.util.Optional;

/** An entry of the history as {@link SealedJson}. */
final class EntryFormat {
  static final String NAME = StoredNames.ENTRY;
  private static final int FORMAT = 1;

  private EntryFormat() {}

  static byte[] toBytes(HistoryEntry entry) {
    ObjectNode json = Json.object();
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
    ObjectNode json = Json.object();
    json.put("directory", model.directory());
    json.put("name", model.file().name());
    json.put("length", model.file().length());
    json.put("sha256", model.file().sha256());
    json.put("source", source.location());
    source.run().ifPresent(run -> json.put("run", run));
    json.put("epochs", source.epochs());
    if (Double.isFinite(source.accuracy())) {
      json.put(source.set() + "-accuracy", source.accuracy());
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
      Json.Fields json = Json.part(body);
      int format = json.integer("format");
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "its format is %s, expected %s".formatted(format, FORMAT));
      }
      return new HistoryEntry(
          json.longInteger("number"),
          json.time("created-at"),
          json.text("nonce"),
          json.texts("aliases"),
          json.longInteger("version"),
          json.has("model") ? Optional.of(model(json.within("model"))) : Optional.empty());
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not the JSON expected: " + e.getMessage(), e);
    }
  }

  private static PublishedModel model(Json.Fields json) {
    String set = json.has("validation-accuracy") ? "validation" : "test";
    return new PublishedModel(
        json.text("directory"),
        new StoredObject(json.text("name"), json.longInteger("length"), json.text("sha256")),
        new ModelSource(
            json.text("source"),
            json.has("run") ? Optional.of(json.text("run")) : Optional.empty(),
            json.integer("epochs"),
            set,
            json.has(set + "-accuracy") ? json.finiteNumber(set + "-accuracy") : Double.NaN));
  }
}
