package dev.featuremap.job.models.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.format.SealedJson;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.ModelRegistry.Outcome;
import dev.featuremap.job.storage.ContentWriter;
import dev.featuremap.job.storage.Storage;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What published models do on every store. */
public abstract class ModelRegistryContract {
  private Path model;
  private Storage storage;
  private ModelRegistry registry;

  /** A directory of the store under test. */
  protected abstract Path root();

  /** How it is reached. */
  protected abstract Configuration configuration();

  @BeforeEach
  void openRegistry() {
    model = new Path(root(), "digits-" + UUID.randomUUID());
    storage = Storage.of(model, configuration());
    registry = new ModelRegistry(storage, model);
  }

  @Test
  void publishesNumberedVersionsOfWhichTheNewestIsLatest() {
    Outcome first = publish("run-1");
    Outcome second = publish("run-2", "champion");

    assertThat(List.of(first, second)).allMatch(Outcome::isNew);
    assertThat(registry.history().versions()).containsExactly(1L, 2L);
    assertThat(registry.history().aliases()).isEqualTo(Map.of("latest", 2L, "champion", 2L));
    assertThat(text("latest")).isEqualTo("parameters of run-2");
    assertThat(text("1")).isEqualTo("parameters of run-1");
    assertThat(registry.find("use", reference("champion"))).isEqualTo(second.entry());
  }

  @Test
  void leavesAModelAloneThatIsPublishedAlready() {
    publish("run-1");
    publish("run-2");
    Outcome again = publish("run-1", "champion");

    assertThat(again.isNew()).isFalse();
    assertThat(again.entry().version()).isEqualTo(1);
    assertThat(registry.history().aliases()).isEqualTo(Map.of("latest", 2L));
    assertThat(storage.list(new Path(model, "models"))).hasSize(2);
  }

  @Test
  void publishesEqualBytesOfAnotherSourceAsAnotherVersion() {
    registry.publish(source("run-1"), Set.of(), content("equal"));
    registry.publish(source("run-2"), Set.of(), content("equal"));

    assertThat(registry.history().versions()).containsExactly(1L, 2L);
  }

  @Test
  void rollsBackAndKeepsTheHistory() {
    publish("run-1");
    publish("run-2");
    assertThat(registry.move("latest", 1).isNew()).isTrue();
    assertThat(registry.move("latest", 1).isNew()).isFalse();
    assertThat(text("latest")).isEqualTo("parameters of run-1");

    assertThat(publish("run-2").isNew()).as("a retry").isFalse();
    assertThat(text("latest")).isEqualTo("parameters of run-1");

    assertThat(publish("run-3").entry().version()).isEqualTo(4);
    assertThat(text("latest")).isEqualTo("parameters of run-3");
    assertThat(registry.history().entries())
        .extracting(HistoryEntry::version)
        .containsExactly(1L, 2L, 1L, 4L);
    assertThat(registry.history().versions()).containsExactly(1L, 2L, 4L);
  }

  @Test
  void movesAnAliasOfItsOwn() {
    publish("run-1");
    publish("run-2");
    registry.move("champion", 1);

    assertThat(text("champion")).isEqualTo("parameters of run-1");
    assertThat(text("latest")).isEqualTo("parameters of run-2");
  }

  @Test
  void givesRacingPublishersDifferentNumbers() throws Exception {
    List<Outcome> outcomes = race(writer -> publish("run-" + writer));

    assertThat(outcomes).extracting(outcome -> outcome.entry().version()).doesNotHaveDuplicates();
    assertThat(registry.history().versions()).hasSize(4);
    Set<String> models = new HashSet<>();
    registry.history().versions().forEach(version -> models.add(text(Long.toString(version))));
    assertThat(models).hasSize(4);
  }

  @Test
  void publishesOneVersionWhenTheSameModelRaces() throws Exception {
    List<Outcome> outcomes = race(writer -> publish("run-1"));

    assertThat(registry.history().versions()).hasSize(1);
    assertThat(text("latest")).isEqualTo("parameters of run-1");
    assertThat(outcomes).anyMatch(Outcome::isNew);
  }

  @Test
  void passesOverAnEntryThatWasNeverFinished() {
    publish("run-1");
    storage.createIfAbsent(entry(2), "{\"sha256\":\"".getBytes(UTF_8));

    assertThat(text("latest")).isEqualTo("parameters of run-1");
    assertThat(publish("run-2").entry().version()).isEqualTo(3);
    assertThat(text("latest")).isEqualTo("parameters of run-2");
  }

  @Test
  void refusesAHistoryThatIsDamaged() {
    publish("run-1");
    byte[] flipped = storage.read(entry(1), InputStream::readAllBytes).orElseThrow();
    flipped[flipped.length / 2] ^= 1;
    storage.replace(entry(1), flipped);

    assertRefused(
        "latest",
        ExitCode.BAD_DATA,
        "Cannot read the history in %s/history: its content does not match its own SHA-256."
            .formatted(model));
  }

  @Test
  void refusesAHistoryThatLeadsOutOfTheDirectory() {
    String model =
        "{\"directory\":\"../../secrets\",\"name\":\"model\",\"length\":1,\"sha256\":\"0\",\"source\":\"x\",\"epochs\":1}";
    String entry =
        "{\"format\":1,\"number\":1,\"created-at\":\"2026-01-31T12:00:00Z\",\"nonce\":\"n\",\"aliases\":[\"latest\"],\"version\":1,\"model\":%s}";
    storage.createIfAbsent(entry(1), SealedJson.seal("entry", entry.formatted(model)));

    assertRefused(
        "latest",
        ExitCode.BAD_DATA,
        "Cannot read the history in %s/history: its model's directory must have 32 hexadecimal digits, got ../../secrets."
            .formatted(this.model));
  }

  @Test
  void refusesAModelWhoseBytesAreDamaged() {
    Path directory = registry.directoryOf(publish("run-1").entry().model().orElseThrow());
    publish("run-2");
    storage.replace(
        new Path(directory, "model.safetensors"), "parameters of run-7".getBytes(UTF_8));

    assertThatThrownBy(() -> text("1"))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessageStartingWith(
            "Cannot use %s@1: its bytes must be those that were published. Cannot read a published model: "
                .formatted(model))
        .hasMessageContaining("model.safetensors has SHA-256")
        .hasMessageEndingWith("Restore the file, or use another version.");
    assertThatThrownBy(() -> registry.move("latest", 1))
        .hasMessageStartingWith("Cannot roll back to %s@1: ".formatted(model));
    assertThat(text("latest")).isEqualTo("parameters of run-2");
  }

  @Test
  void namesWhatThereIsWhenAReferenceNamesNothing() {
    assertRefused(
        "latest",
        ExitCode.MISSING_INPUT,
        "Cannot use %s: nothing is published there. Give the directory that was given to featuremap publish."
            .formatted(model));
    publish("run-1");
    publish("run-2");
    registry.move("champion", 1);

    for (String selector : List.of("challenger", "3", "7")) {
      assertRefused(
          selector,
          ExitCode.MISSING_INPUT,
          "Cannot use %s@%s: there is no such version or alias, expected one of 1, 2 or champion, latest."
              .formatted(model, selector));
    }
    assertThatThrownBy(() -> registry.move("latest", 3))
        .hasMessageStartingWith(
            "Cannot roll back to %s@3: there is no such version".formatted(model));
  }

  @Test
  void publishesIntoNoDirectoryOfSomethingElse() {
    storage.createIfAbsent(new Path(model, "lenet/x"), new byte[1]);

    assertThatThrownBy(() -> publish("run-1"))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(
            "Cannot publish to %1$s: it must be empty or hold published versions of one model, got lenet. Name a directory of its own, such as %1$s/digits."
                .formatted(model));
  }

  private void assertRefused(String selector, ExitCode code, String message) {
    assertThatThrownBy(() -> text(selector))
        .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessage(message);
  }

  private Outcome publish(String run, String... aliases) {
    return registry.publish(source(run), Set.of(aliases), content("parameters of " + run));
  }

  private static ModelSource source(String run) {
    return new ModelSource(
        "s3a://runs/" + run + "/1-1", Optional.of("s3a://runs/" + run), 1, "test", 0.5);
  }

  private static ContentWriter content(String text) {
    return output -> output.write(text.getBytes(UTF_8));
  }

  private String text(String selector) {
    return registry.read(
        "use",
        registry.find("use", reference(selector)),
        input -> new String(input.readAllBytes(), UTF_8));
  }

  private ModelReference reference(String selector) {
    return new ModelReference(model, selector);
  }

  private Path entry(long number) {
    return new Path(model, String.format(Locale.ROOT, "history/%010d.json", number));
  }

  private interface Publisher {
    Outcome publish(int writer);
  }

  private static List<Outcome> race(Publisher publisher) throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Outcome>> race = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        int number = writer;
        race.add(() -> publisher.publish(number));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> outcome : writers.invokeAll(race)) {
        outcomes.add(outcome.get());
      }
      return outcomes;
    } finally {
      writers.shutdownNow();
    }
  }
}
