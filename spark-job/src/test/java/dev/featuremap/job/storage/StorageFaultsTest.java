package dev.featuremap.job.storage;

import static dev.featuremap.job.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.training.checkpoint.Checkpoint;
import dev.featuremap.job.training.checkpoint.CheckpointDraft;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.checkpoint.CheckpointWriter;
import dev.featuremap.job.training.checkpoint.Recovery;
import dev.featuremap.job.training.checkpoint.Retention;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.ipc.RemoteException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageFaultsTest {
  private static final Retries IMPATIENT =
      new Retries(Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMillis(500));

  @TempDir java.nio.file.Path temporary;
  private FlakyFileSystem fileSystem;
  private Path directory;
  private Storage storage;

  @BeforeEach
  void openStorage() throws IOException {
    fileSystem = FlakyFileSystem.shared();
    directory = new Path("flaky://" + temporary);
    storage = Storage.of(directory, FlakyFileSystem.configuration(), IMPATIENT);
  }

  @Test
  void triesAgainAfterAPassingFailure() {
    Path path = new Path(directory, "object");
    storage.write(path, output -> output.write(7));
    fileSystem.failToOpen(3);
    assertThat(storage.read(path, InputStream::readAllBytes)).contains(new byte[] {7});
  }

  @Test
  void givesUpAtTheDeadlineNamingPathAndLastCause() {
    Path path = new Path(directory, "object");
    storage.write(path, output -> output.write(7));
    fileSystem.failToOpen(Integer.MAX_VALUE);
    assertThatThrownBy(() -> storage.read(path, InputStream::readAllBytes))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot read " + path + ": storage must answer within the deadline")
        .hasMessageContaining("the last: java.io.IOException: 503 Slow Down")
        .hasCauseInstanceOf(IOException.class)
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.STORAGE_FAILED);
  }

  @Test
  void waitsOnceThoughItCanListMeanwhile() {
    storage.write(new Path(directory, "object"), output -> output.write(7));
    fileSystem.refuseCreations(Integer.MAX_VALUE);
    assertStorageFailed(
        () -> storage.replace(new Path(directory, "a"), bytes("1")), "Cannot replace");
    assertThat(storage.list(directory)).contains("object");
    fileSystem.creations();

    assertStorageFailed(
        () -> storage.replace(new Path(directory, "b"), bytes("2")), "Cannot replace");

    assertThat(fileSystem.creations()).isLessThan(5);
  }

  @Test
  void takesNoNameForAnothersOfWhichItDidNotHear() {
    Path path = new Path(directory, "key");
    fileSystem.loseNames(1);

    assertStorageFailed(
        () -> storage.createIfAbsent(path, bytes("nonce")), "Cannot create " + path);
  }

  @Test
  void knowsThatANameIsTakenHoweverAStoreSaysIt() {
    String hdfs = "org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException";

    assertThat(StorageFault.of(new RemoteException(hdfs, "x")).isPresence()).isTrue();
    assertThat(StorageFault.of(new FileAlreadyExistsException("x")).isPresence()).isTrue();
    assertThat(StorageFault.of(new java.nio.file.FileAlreadyExistsException("x")).isPresence())
        .isTrue();
    assertThat(StorageFault.of(new RemoteException("SafeModeException", "x")).isPresence())
        .isFalse();
  }

  @Test
  void seesAnothersObjectWhereTheFirstAnswerWasLost() {
    Path path = new Path(directory, "key");
    storage.write(path, output -> output.write(bytes("another")));
    fileSystem.refuseCreations(1);

    assertThat(storage.createIfAbsent(path, bytes("nonce"))).isFalse();
  }

  @Test
  void findsTheBestThoughItsWriterSweepsMeanwhile() {
    CheckpointStore store = new CheckpointStore(storage, directory);
    CheckpointWriter writer = store.takeOver(new Retention(1, 0));
    writer.publish(draft(1));
    Map<String, ContentWriter> objects = Map.of("model", output -> output.write(2));
    writer.publish(
        new CheckpointDraft(2, 2, false, JsonNodeFactory.instance.objectNode(), objects));
    fileSystem.beforeNextOpening(() -> writer.publish(draft(3)));

    assertThat(store.best().orElseThrow().checkpoint().epoch()).isEqualTo(3);
  }

  @Test
  void passesOverAManifestThatHasRottenOnItsDisks() {
    CheckpointStore store = new CheckpointStore(storage, directory);
    CheckpointWriter writer = store.takeOver(new Retention(3, 0));
    Checkpoint first = writer.publish(draft(1));
    writer.publish(draft(2));
    fileSystem.rot("0000000003.json");

    Recovery recovery = store.newest().orElseThrow();

    assertThat(recovery.checkpoint()).isEqualTo(first);
    assertThat(recovery.skipped()).singleElement().asString().contains("Checksum error");
  }

  @Test
  void knowsItsOwnObjectAfterALostAnswer() {
    fileSystem.loseAnswers(1);
    assertThat(storage.createIfAbsent(new Path(directory, "key"), bytes("nonce"))).isTrue();
  }

  @Test
  void blamesTheStoreForItsOwnTornObject() {
    Path path = new Path(directory, "key");
    fileSystem.tearCreations(1);

    assertStorageFailed(
        () -> storage.createIfAbsent(path, bytes("nonce!")),
        "Cannot create %s: the store must take it whole, got 3 of 6 bytes (java.io.IOException: All datanodes are bad). Submit the same command again when the store works."
            .formatted(path));
    assertThat(storage.createIfAbsent(path, bytes("nonce!"))).isFalse();
  }

  @Test
  void goesOnPastItsOwnManifestThatTheStoreTore() {
    CheckpointStore store = new CheckpointStore(storage, directory);
    CheckpointWriter writer = store.takeOver(new Retention(3, 0));
    writer.publish(draft(1));
    fileSystem.tearCreations(1);

    Checkpoint second = writer.publish(draft(2));

    Recovery recovery = store.newest().orElseThrow();
    assertThat(recovery.checkpoint()).isEqualTo(second);
    assertThat(recovery.manifest().number()).isEqualTo(4);
    assertThat(recovery.skipped()).isEmpty();
  }

  @Test
  void goesOnPastAManifestOfAnotherThatTheStoreTore() {
    CheckpointStore store = new CheckpointStore(storage, directory);
    CheckpointWriter writer = store.takeOver(new Retention(3, 0));
    Checkpoint first = writer.publish(draft(1));
    fileSystem.tearCreations(1);
    assertStorageFailed(() -> store.takeOver(new Retention(3, 0)), "Cannot create " + directory);

    CheckpointWriter next = store.takeOver(new Retention(3, 0));

    assertThat(next.recovery().orElseThrow().checkpoint()).isEqualTo(first);
    assertThat(next.fence()).isEqualTo(4);
    assertThat(next.publish(draft(2)).epoch()).isEqualTo(2);
  }

  @Test
  void givesUpOnAStoreThatTearsEveryManifest() {
    CheckpointStore store = new CheckpointStore(storage, directory);
    CheckpointWriter writer = store.takeOver(new Retention(3, 0));
    fileSystem.tearCreations(3);

    assertStorageFailed(() -> writer.publish(draft(1)), "Cannot create " + directory);

    assertThat(writer.publish(draft(1)).epoch()).isEqualTo(1);
    assertThat(store.newest().orElseThrow().manifest().number()).isEqualTo(5);
  }

  @Test
  void publishesOnceWhenEveryAnswerIsLost() {
    CheckpointStore store = new CheckpointStore(storage, directory);
    CheckpointWriter writer = store.takeOver(new Retention(3, 0));
    fileSystem.loseAnswers(2);
    Checkpoint published = writer.publish(draft(1));
    Recovery recovery = store.newest().orElseThrow();
    assertThat(recovery.checkpoint()).isEqualTo(published);
    assertThat(recovery.manifest().number()).isEqualTo(2);
  }

  @Test
  void deletesNothingWhereTheStoreDoesNotGiveBackWhatItTook() throws IOException {
    CheckpointStore store = new CheckpointStore(storage, directory);
    CheckpointWriter writer = store.takeOver(new Retention(1, 0));
    Checkpoint first = writer.publish(draft(1));
    Map<String, ContentWriter> objects = new LinkedHashMap<>();
    objects.put("model", output -> output.write(2));
    objects.put(
        "optimizer",
        output -> {
          Files.write(written("2-2-", "model"), new byte[] {9, 9});
          output.write(2);
        });
    CheckpointDraft ruined =
        new CheckpointDraft(2, 2, true, JsonNodeFactory.instance.objectNode(), objects);

    assertThatThrownBy(() -> writer.publish(ruined))
        .isInstanceOf(JobException.class)
        .hasMessageMatching(
            "Cannot read back manifest 3 of %s: checkpoints/2-2-[0-9a-f]+/model has 2 bytes, expected 1\\. Nothing was deleted\\."
                .formatted(directory))
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.STORAGE_FAILED);
    assertThat(store.newest().orElseThrow().checkpoint()).isEqualTo(first);
  }

  private java.nio.file.Path written(String directory, String name) throws IOException {
    try (Stream<java.nio.file.Path> files = Files.walk(temporary)) {
      return files
          .filter(file -> file.endsWith(name))
          .filter(file -> file.getParent().getFileName().toString().startsWith(directory))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void publishesNoCheckpointOfNothing() {
    assertThatThrownBy(
            () -> new CheckpointDraft(1, 2, true, JsonNodeFactory.instance.objectNode(), Map.of()))
        .hasMessage("Cannot publish checkpoint 1-2: it must have an object, got none.");
  }

  @Test
  void namesNoObjectThatAStoreMightRefuse() {
    Map<String, ContentWriter> objects = Map.of("../up", output -> output.write(1));

    assertThatThrownBy(
            () -> new CheckpointDraft(1, 2, true, JsonNodeFactory.instance.objectNode(), objects))
        .hasMessage(
            "Cannot name an object ../up: expected letters, digits, '.', '_' and '-', the first a letter or digit.");
  }

  @Test
  void saysWhichObjectsACheckpointHas() {
    Checkpoint checkpoint =
        new CheckpointStore(storage, directory).takeOver(new Retention(3, 0)).publish(draft(1));

    assertThatThrownBy(() -> checkpoint.object("optimizer"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage(
            "Cannot read optimizer of checkpoint %s: it has [model]."
                .formatted(checkpoint.directory()));
  }

  @Test
  void letsTheFirstOfTwoDriversTakeARunOver() {
    CheckpointStore store = new CheckpointStore(storage, directory);
    fileSystem.beforeNextCreation(() -> store.takeOver(new Retention(3, 0)));

    assertThatThrownBy(() -> store.takeOver(new Retention(3, 0)))
        .isInstanceOf(JobException.class)
        .hasMessageMatching(
            "Cannot take over %s: manifest 1 must be free, got one of another writer \\(.+\\)\\. That driver is alive: wait for it, or stop it and submit again\\."
                .formatted(directory))
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.RUN_HELD);
  }

  @Test
  void saysThatItMayNotRead() {
    Path path = new Path(directory, "object");
    storage.write(path, output -> output.write(7));
    fileSystem.refuse();

    assertThatThrownBy(() -> storage.read(path, InputStream::readAllBytes))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot read %s: org.apache.hadoop.security.AccessControlException: Permission denied: object. Check that this user may read there."
                .formatted(path))
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.MISSING_INPUT);
  }

  @Test
  void refusesAStoreThatLetsTwoWritersCreateOneName() {
    fileSystem.overwriteAlways();
    assertThatThrownBy(() -> storage.probe(directory))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("its store must refuse to create a name twice")
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.CANNOT_WRITE);
    assertThat(storage.list(directory)).isEmpty();
  }

  private static void assertStorageFailed(ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(message)
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.STORAGE_FAILED);
  }

  private static CheckpointDraft draft(int epoch) {
    Map<String, ContentWriter> objects = Map.of("model", output -> output.write(epoch));
    return new CheckpointDraft(epoch, epoch, true, JsonNodeFactory.instance.objectNode(), objects);
  }
}
