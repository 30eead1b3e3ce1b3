package dev.featuremap.job.models.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.featuremap.format.BrokenSealException;
import dev.featuremap.format.SealedJson;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.storage.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** The parsers of published models. */
public final class RegistryInputs {
  private RegistryInputs() {}

  /** Entries of a history behind a hash that is right, and what users call a model. */
  public static List<InputParser> parsers() throws Exception {
    HistoryEntry entry =
        new HistoryEntry(
            3,
            Instant.EPOCH,
            "nonce",
            List.of("latest", "champion"),
            3,
            Optional.of(
                new PublishedModel(
                    "ab".repeat(16),
                    new StoredObject("model.safetensors", 12345, "ab".repeat(32)),
                    new ModelSource("s3a://bucket/run", Optional.of("nightly"), 5, "test", 0.97))));
    byte[] body = SealedJson.open(EntryFormat.NAME, EntryFormat.toBytes(entry));
    return List.of(
        new InputParser(
            "history-entry",
            List.of(body),
            bytes ->
                EntryFormat.fromBytes(SealedJson.seal(EntryFormat.NAME, new String(bytes, UTF_8))),
            List.of(BrokenSealException.class, IllegalArgumentException.class)),
        new InputParser(
            "model-reference",
            List.of("/models/digits@champion".getBytes(UTF_8), "/m/d@12".getBytes(UTF_8)),
            bytes -> {
              String name = new String(bytes, UTF_8).replace("/", "");
              ModelReference.of("--model", new Path(new Path("/models"), "./" + name));
            },
            List.of(JobException.class, IllegalArgumentException.class)));
  }
}
