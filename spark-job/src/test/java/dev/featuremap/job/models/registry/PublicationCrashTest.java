package dev.featuremap.job.models.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.storage.FlakyFileSystem;
import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A publisher dies at every step that it takes on the store, one model for each. */
class PublicationCrashTest {
  @TempDir java.nio.file.Path temporary;

  @Test
  void leavesTheOldOrTheNewModelAsLatestWhereverThePublisherDies() throws IOException {
    int steps = 0;
    boolean died;
    do {
      FlakyFileSystem.shared();
      ModelRegistry registry = registryOf("model-" + steps);
      publish(registry, 1);
      FlakyFileSystem.shared().dieAfter(steps);
      died = diesPublishing(registry);
      FlakyFileSystem.shared();

      assertThat(latest(registry)).as("after %s steps", steps).isIn("model 1", "model 2");
      publish(registry, 2);
      assertThat(latest(registry)).isEqualTo("model 2");
      assertThat(registry.history().versions()).as("after %s steps", steps).hasSize(2);
      steps++;
    } while (died);
    assertThat(steps).isGreaterThan(10);
  }

  private ModelRegistry registryOf(String name) {
    Path directory = new Path("flaky://" + temporary, name);
    return ModelRegistry.of(directory, FlakyFileSystem.configuration());
  }

  private static boolean diesPublishing(ModelRegistry registry) {
    try {
      publish(registry, 2);
      return false;
    } catch (JobException death) {
      return true;
    }
  }

  private static void publish(ModelRegistry registry, int number) {
    registry.publish(
        ModelSource.file("run-" + number),
        Set.of(),
        output -> output.write(("model " + number).getBytes(UTF_8)));
  }

  private static String latest(ModelRegistry registry) {
    HistoryEntry entry =
        registry.find("use", new ModelReference(new Path("unused"), ModelReference.LATEST));
    return registry.read("use", entry, input -> new String(input.readAllBytes(), UTF_8));
  }
}
