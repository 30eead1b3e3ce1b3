package dev.featuremap.job.training.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.format.BrokenSealException;
import dev.featuremap.format.SealedJson;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.storage.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The parsers of manifests. */
public final class CheckpointInputs {
  private CheckpointInputs() {}

  /** Whole files, and what they hold behind a hash that is right. */
  public static List<InputParser> parsers() throws Exception {
    ObjectNode state = JsonNodeFactory.instance.objectNode().put("epoch", 3).put("text", "\"x\"");
    StoredObject model = new StoredObject("model.safetensors", 12345, "ab".repeat(32));
    Checkpoint checkpoint = new Checkpoint("3-7-abc", 3, 7, true, List.of(model), state);
    List<byte[]> files =
        List.of(
            file(new Manifest(7, 5, "nonce", Instant.EPOCH, Optional.of(checkpoint))),
            file(new Manifest(1, 1, "nonce", Instant.EPOCH, Optional.empty())));
    List<byte[]> bodies = List.of(body(files.get(0)), body(files.get(1)));
    List<Class<? extends Throwable>> failures = List.of(BrokenSealException.class);
    return List.of(
        new InputParser("manifest", files, ManifestFormat::fromBytes, failures),
        new InputParser(
            "manifest-body", bodies, body -> ManifestFormat.fromBytes(seal(body)), failures));
  }

  private static byte[] file(Manifest manifest) {
    return ManifestFormat.toBytes(manifest);
  }

  private static byte[] body(byte[] file) throws BrokenSealException {
    return SealedJson.open(ManifestFormat.NAME, file);
  }

  private static byte[] seal(byte[] body) {
    return SealedJson.seal(ManifestFormat.NAME, new String(body, StandardCharsets.UTF_8));
  }
}
