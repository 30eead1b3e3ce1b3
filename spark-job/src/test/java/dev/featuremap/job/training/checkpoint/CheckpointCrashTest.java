package dev.featuremap.job.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.storage.ContentWriter;
import dev.featuremap.job.storage.FlakyFileSystem;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer dies at every step that it takes on the store, one run for each. */
class CheckpointCrashTest {
  private static final int CHECKPOINTS = 4;
  private static final Retention KEEP_TWO = new Retention(2, 0);

  @TempDir java.nio.file.Path temporary;

  @Test
  void resumesWithoutHelpWhereverTheWriterDies() throws IOException {
    int steps = 0;
    int published;
    do {
      CheckpointStore store = storeOf("run-" + steps);
      FlakyFileSystem.shared().dieAfter(steps);
      published = publishUntilDeath(store);
      FlakyFileSystem.shared();

      CheckpointWriter next = store.takeOver(KEEP_TWO);
      int resumed = next.recovery().map(recovery -> recovery.checkpoint().epoch()).orElse(0);
      assertThat(resumed).as("after %s steps", steps).isBetween(published, published + 1);
      assertThat(next.publish(draft(resumed + 1)).epoch()).isEqualTo(resumed + 1);
      assertThat(store.newest().orElseThrow().skipped()).isEmpty();
      steps++;
    } while (published < CHECKPOINTS);
    assertThat(steps).isGreaterThan(40);
  }

  private CheckpointStore storeOf(String run) {
    Path directory = new Path("flaky://" + temporary, run);
    return CheckpointStore.of(directory, FlakyFileSystem.configuration());
  }

  /** The last epoch whose publication returned, or 0. */
  private static int publishUntilDeath(CheckpointStore store) {
    int published = 0;
    try {
      CheckpointWriter writer = store.takeOver(KEEP_TWO);
      while (published < CHECKPOINTS) {
        writer.publish(draft(published + 1));
        published++;
      }
    } catch (JobException death) {
      // What was published before is what counts.
    }
    return published;
  }

  private static CheckpointDraft draft(int epoch) {
    Map<String, ContentWriter> objects = Map.of("model", output -> output.write(epoch));
    return new CheckpointDraft(epoch, epoch, false, JsonNodeFactory.instance.objectNode(), objects);
  }
}
