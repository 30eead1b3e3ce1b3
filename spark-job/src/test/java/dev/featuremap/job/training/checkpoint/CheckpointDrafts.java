package dev.featuremap.job.training.checkpoint;

import static dev.featuremap.job.storage.StorageContract.bytes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.storage.ContentWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Checkpoints to publish, each with content of its own. */
final class CheckpointDrafts {
  static final String MODEL = "model.safetensors";

  private CheckpointDrafts() {}

  static CheckpointDraft draft(int epoch) {
    return draft(epoch, false);
  }

  static CheckpointDraft draft(int epoch, boolean best) {
    Map<String, ContentWriter> objects = new LinkedHashMap<>();
    objects.put(MODEL, output -> output.write(bytes("parameters of " + epoch)));
    objects.put("optimizer.bin", output -> output.write(bytes("optimizer of " + epoch + ".")));
    return new CheckpointDraft(epoch, epoch, best, state(), objects);
  }

  /** A checkpoint during whose writing something happens. */
  static CheckpointDraft slow(Runnable happening) {
    return new CheckpointDraft(
        2,
        2,
        false,
        state(),
        Map.of(
            MODEL,
            output -> {
              happening.run();
              output.write(1);
            }));
  }

  private static ObjectNode state() {
    return JsonNodeFactory.instance.objectNode().put("seed", 42L);
  }
}
