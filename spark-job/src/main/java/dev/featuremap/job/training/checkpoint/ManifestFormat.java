package dev.featuremap.job.training.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
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

/** A manifest as {@link SealedJson}. */
final class ManifestFormat {
  private static final int FORMAT = 1;
  static final String NAME = "manifest";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private ManifestFormat() {}

  static byte[] toBytes(Manifest manifest) {
    ObjectNode body = JSON.createObjectNode();
    body.put("format", FORMAT);
    body.put("number", manifest.number());
    body.put("fence", manifest.fence());
    body.put("nonce", manifest.nonce());
    body.put("createdAt", manifest.createdAt().toString());
    manifest.checkpoint().ifPresent(checkpoint -> body.set("checkpoint", toJson(checkpoint)));
    return SealedJson.seal(NAME, body.toString());
  }

  /** The manifest in a file's bytes, or the reason why there is none. */
  static Manifest fromBytes(byte[] bytes) throws BrokenManifestException {
    byte[] body = checkedBody(bytes);
    try {
      JsonNode root = JSON.readTree(body);
      int format = root.required("format").asInt();
      if (format != FORMAT) {
        throw broken("its format is %d, expected %d".formatted(format, FORMAT));
      }
      JsonNode checkpoint = root.get("checkpoint");
      return new Manifest(
          root.required("number").asLong(),
          root.required("fence").asLong(),
          root.required("nonce").asText(),
          Instant.parse(root.required("createdAt").asText()),
          checkpoint == null ? Optional.empty() : Optional.of(checkpoint(checkpoint)));
    } catch (JsonProcessingException e) {
      throw broken("it is not the JSON expected: " + e.getOriginalMessage());
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw broken("it is not the JSON expected: " + e.getMessage());
    } catch (IOException e) {
      throw broken("it is not UTF-8: " + e.getMessage());
    }
  }

  private static byte[] checkedBody(byte[] bytes) throws BrokenManifestException {
    try {
      return SealedJson.open(NAME, bytes);
    } catch (BrokenSealException e) {
      throw new BrokenManifestException(e.getMessage(), e.unfinished());
    }
  }

  private static ObjectNode toJson(Checkpoint checkpoint) {
    ObjectNode json = JSON.createObjectNode();
    json.put("directory", checkpoint.directory());
    json.put("epoch", checkpoint.epoch());
    json.put("round", checkpoint.round());
    json.put("best", checkpoint.best());
    ArrayNode objects = json.putArray("objects");
    for (StoredObject object : checkpoint.objects()) {
      objects
          .addObject()
          .put("name", object.name())
          .put("length", object.length())
          .put("sha256", object.sha256());
    }
    json.set("state", checkpoint.state());
    return json;
  }

  private static Checkpoint checkpoint(JsonNode json) throws BrokenManifestException {
    List<StoredObject> objects = new ArrayList<>();
    for (JsonNode object : json.required("objects")) {
      objects.add(
          new StoredObject(
              object.required("name").asText(),
              object.required("length").asLong(),
              object.required("sha256").asText()));
    }
    if (!(json.required("state") instanceof ObjectNode state)) {
      throw broken("its state is not an object");
    }
    return new Checkpoint(
        json.required("directory").asText(),
        json.required("epoch").asInt(),
        json.required("round").asInt(),
        json.required("best").asBoolean(),
        objects,
        state);
  }

  private static BrokenManifestException broken(String reason) {
    return new BrokenManifestException(reason, false);
  }
}
