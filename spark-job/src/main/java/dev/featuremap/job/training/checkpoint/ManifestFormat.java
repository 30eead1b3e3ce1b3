package dev.featuremap.job.training.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.format.BrokenSealException;
import dev.featuremap.format.SealedJson;
import dev.featuremap.format.StoredNames;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A manifest as {@link SealedJson}. */
final class ManifestFormat {
  private static final int FORMAT = 1;
  private static final String HISTORY = "history";
  static final String NAME = StoredNames.MANIFEST;

  private static final Set<String> ROOT =
      Collections.unmodifiableSet(
          new TreeSet<>(List.of("format", "number", "fence", "nonce", "createdAt", "checkpoint")));
  private static final Set<String> CHECKPOINT =
      Collections.unmodifiableSet(
          new TreeSet<>(
              List.of("directory", "epoch", "round", "best", "objects", HISTORY, "state")));
  private static final Set<String> OBJECT =
      Collections.unmodifiableSet(new TreeSet<>(List.of("name", "length", "sha256")));

  private ManifestFormat() {}

  static byte[] toBytes(Manifest manifest) {
    ObjectNode body = Json.object();
    body.put("format", FORMAT);
    body.put("number", manifest.number());
    body.put("fence", manifest.fence());
    body.put("nonce", manifest.nonce());
    body.put("createdAt", manifest.createdAt().toString());
    manifest.checkpoint().ifPresent(checkpoint -> body.set("checkpoint", toJson(checkpoint)));
    return SealedJson.seal(NAME, body.toString());
  }

  /** The manifest in a file's bytes, or the reason why there is none. */
  static Manifest fromBytes(byte[] bytes) throws BrokenSealException {
    byte[] body = SealedJson.open(NAME, bytes);
    try {
      Json.Fields root = Json.part(body);
      int format = root.integer("format");
      if (format != FORMAT) {
        throw new OtherVersionException("its format is %s, expected %s".formatted(format, FORMAT));
      }
      requireKnown(root, ROOT);
      Manifest manifest =
          new Manifest(
              root.longInteger("number"),
              root.longInteger("fence"),
              root.text("nonce"),
              root.time("createdAt"),
              root.has("checkpoint")
                  ? Optional.of(checkpoint(root.within("checkpoint")))
                  : Optional.empty());
      if (manifest.checkpoint().isEmpty() && manifest.number() != manifest.fence()) {
        // Only a writer that takes a run over may have nothing to refer to.
        throw new OtherVersionException("it has no checkpoint");
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw broken("it is not the JSON expected: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new OtherVersionException("it is not the JSON expected: " + e.getMessage());
    } catch (IOException e) {
      throw broken("it is not UTF-8: " + e.getMessage());
    }
  }

  private static ObjectNode toJson(Checkpoint checkpoint) {
    ObjectNode json = Json.object();
    json.put("directory", checkpoint.directory());
    json.put("epoch", checkpoint.epoch());
    json.put("round", checkpoint.round());
    json.put("best", checkpoint.best());
    put(json.putArray("objects"), checkpoint.objects());
    if (!checkpoint.history().isEmpty()) {
      // An earlier version refuses a field that it does not know: it would lose these epochs.
      put(json.putArray(HISTORY), checkpoint.history());
    }
    json.set("state", checkpoint.state());
    return json;
  }

  private static void put(ArrayNode array, List<StoredObject> objects) {
    for (StoredObject object : objects) {
      array
          .addObject()
          .put("name", object.name())
          .put("length", object.length())
          .put("sha256", object.sha256());
    }
  }

  private static Checkpoint checkpoint(Json.Fields json) throws BrokenSealException {
    requireKnown(json, CHECKPOINT);
    if (json.has("state") && !json.object().get("state").isObject()) {
      throw new OtherVersionException("its state is not an object");
    }
    return new Checkpoint(
        json.text("directory"),
        json.integer("epoch"),
        json.integer("round"),
        json.flag("best"),
        objects(json, "objects"),
        json.has(HISTORY) ? objects(json, HISTORY) : List.of(),
        json.object("state"));
  }

  private static List<StoredObject> objects(Json.Fields json, String name)
      throws BrokenSealException {
    List<StoredObject> objects = new ArrayList<>();
    for (Json.Fields object : json.objects(name)) {
      requireKnown(object, OBJECT);
      objects.add(
          new StoredObject(
              object.text("name"), object.longInteger("length"), object.text("sha256")));
    }
    return objects;
  }

  private static void requireKnown(Json.Fields fields, Set<String> known)
      throws BrokenSealException {
    for (Map.Entry<String, JsonNode> field : fields.object().properties()) {
      String name = field.getKey();
      if (!known.contains(name)) {
        throw new OtherVersionException("it has a field %s, expected %s".formatted(name, known));
      }
    }
  }

  private static BrokenSealException broken(String reason) {
    return new BrokenSealException(reason, false);
  }
}
