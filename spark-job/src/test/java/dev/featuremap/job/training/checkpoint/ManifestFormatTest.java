package dev.featuremap.job.training.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.format.BrokenSealException;
import dev.featuremap.format.SealedJson;
import dev.featuremap.job.storage.ContentDigest;
import dev.featuremap.job.storage.StoredObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestFormatTest {
  private static final Manifest MANIFEST = manifest("1-2-abc", "model.safetensors");
  private static final byte[] BYTES = ManifestFormat.toBytes(MANIFEST);

  @Test
  void readsWhatItWrote() throws Exception {
    assertThat(ManifestFormat.fromBytes(BYTES)).isEqualTo(MANIFEST);
  }

  @Test
  void readsAManifestWithoutACheckpoint() throws Exception {
    Manifest first = new Manifest(1, 1, "nonce", Instant.EPOCH, Optional.empty());
    assertThat(ManifestFormat.fromBytes(ManifestFormat.toBytes(first))).isEqualTo(first);
  }

  @Test
  void isJson() throws Exception {
    assertThat(new ObjectMapper().readTree(BYTES).at("/manifest/checkpoint/round").asInt())
        .isEqualTo(2);
  }

  @Test
  void detectsEveryTruncationAsUnfinished() {
    for (int length = 0; length < BYTES.length; length++) {
      byte[] torn = Arrays.copyOf(BYTES, length);
      assertThatThrownBy(() -> ManifestFormat.fromBytes(torn))
          .isInstanceOf(BrokenSealException.class)
          .extracting(e -> ((BrokenSealException) e).unfinished())
          .isEqualTo(true);
    }
  }

  @Test
  void detectsEveryFlippedBit() {
    for (int bit = 0; bit < BYTES.length * 8; bit++) {
      byte[] flipped = BYTES.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> ManifestFormat.fromBytes(flipped))
          .isInstanceOf(BrokenSealException.class);
    }
  }

  @Test
  void refusesAnotherFormatByName() {
    assertBroken("\"format\":1", "\"format\":2", "its format is 2, expected 1");
  }

  @Test
  void refusesContentThatIsNotAManifest() {
    String notExpected = "it is not the JSON expected: ";
    assertBroken("\"number\":7,", "", notExpected + "No value for property 'number'");
    assertBroken("\"number\":7,", "\"number\":7,,", notExpected);
    assertBroken("2026-01-02T", "yesterday", notExpected);
    assertBroken("\"state\":{", "\"state\":7,\"other\":{", "it has a field other, ");
    assertBroken(
        "\"state\":{\"loss\":0.1,\"history\":[1,1.0E-300]}", "\"state\":7", "its state is not");
    assertBroken("\"directory\":\"1-2-abc\"", "\"directory\":\"..\"", notExpected);
  }

  @Test
  void tellsWhatAnotherVersionWroteFromDamage() {
    assertOtherVersion("\"format\":1", "\"format\":2", "its format is 2, expected 1");
    assertOtherVersion("\"format\":1,", "", "it is not the JSON expected: ");
    assertOtherVersion("\"checkpoint\":{", "\"checkpoints\":{", "it has a field checkpoints, ");
    assertOtherVersion("\"epoch\":1", "\"epochs\":1", "it has a field epochs, ");
    assertOtherVersion("\"length\":12", "\"bytes\":12", "it has a field bytes, ");
    assertOtherVersion("\"nonce\":\"nonce\",", "", "it is not the JSON expected: ");
    assertOtherVersion(
        checkpointPart(), "\"createdAt\":\"2026-01-02T03:04:05.678Z\"}", "it has no checkpoint");
  }

  private static String checkpointPart() {
    String body = new String(BYTES, UTF_8);
    return body.substring(body.indexOf("\"createdAt\""), body.length() - 2);
  }

  private static void assertOtherVersion(String part, String by, String reason) {
    assertBroken(part, by, reason);
    String body = new String(BYTES, UTF_8).replaceFirst("^.*?\"manifest\":", "");
    byte[] file =
        SealedJson.seal("manifest", body.substring(0, body.length() - 2).replace(part, by));
    assertThatThrownBy(() -> ManifestFormat.fromBytes(file))
        .isInstanceOf(OtherVersionException.class);
  }

  @Test
  void refusesContentThatIsNotText() throws Exception {
    byte[] body = SealedJson.open("manifest", BYTES);
    Arrays.fill(body, 0, 3, (byte) 0); // as UTF-32 begins
    byte[] hash = ContentDigest.of(body).sha256().getBytes(UTF_8);
    byte[] file = BYTES.clone();
    System.arraycopy(body, 0, file, file.length - 2 - body.length, body.length);
    System.arraycopy(hash, 0, file, "{\"sha256\":\"".length(), hash.length);

    assertThatThrownBy(() -> ManifestFormat.fromBytes(file))
        .isInstanceOf(BrokenSealException.class)
        .hasMessageStartingWith("it is not UTF-8: ");
  }

  /** A manifest of which a part is replaced, and its hash after that. */
  private static void assertBroken(String part, String by, String reason) {
    String body = new String(BYTES, UTF_8).replaceFirst("^.*?\"manifest\":", "");
    String other = body.substring(0, body.length() - 2).replace(part, by);
    byte[] file = SealedJson.seal("manifest", other);
    assertThat(other).isNotEqualTo(body.substring(0, body.length() - 2));
    assertThatThrownBy(() -> ManifestFormat.fromBytes(file))
        .isInstanceOf(BrokenSealException.class)
        .hasMessageStartingWith(reason)
        .extracting(e -> ((BrokenSealException) e).unfinished())
        .isEqualTo(false);
  }

  @Test
  void refusesNamesThatLeadOutOfTheRun() {
    assertThatThrownBy(() -> manifest("..", "model")).hasMessageContaining("object ..:");
    assertThatThrownBy(() -> manifest("a", "../../etc")).hasMessageContaining("letters, digits");
    assertThatThrownBy(() -> manifest("a", "b:c")).hasMessageContaining("letters, digits");
    assertThatThrownBy(() -> manifest("a", "b+c")).hasMessageContaining("letters, digits");
  }

  private static Manifest manifest(String directory, String object) {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("loss", 0.1).putArray("history").add(1).add(1e-300);
    StoredObject stored = new StoredObject(object, 12, "0".repeat(64));
    Checkpoint checkpoint = new Checkpoint(directory, 1, 2, true, List.of(stored), state);
    Instant created = Instant.parse("2026-01-02T03:04:05.678Z");
    return new Manifest(7, 5, "nonce", created, Optional.of(checkpoint));
  }
}
