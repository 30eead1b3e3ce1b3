package dev.featuremap.job.training.checkpoint;

import static dev.featuremap.job.storage.StorageContract.bytes;
import static dev.featuremap.job.training.checkpoint.CheckpointDrafts.MODEL;
import static dev.featuremap.job.training.checkpoint.CheckpointDrafts.draft;
import static dev.featuremap.job.training.checkpoint.CheckpointDrafts.slow;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.format.BrokenSealException;
import dev.featuremap.format.SealedJson;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.Storage;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the checkpoints of a run do on every store. */
abstract class CheckpointStoreContract {
  private static final Retention KEEP_ALL = new Retention(100, 0);

  private RunDirectory paths;
  private Storage storage;
  private CheckpointStore store;

  /** A directory of the store under test. */
  abstract Path root();

  abstract Configuration configuration();

  @BeforeEach
  void openStore() {
    Path run = new Path(root(), "run-" + UUID.randomUUID());
    paths = new RunDirectory(run);
    storage = Storage.of(run, configuration());
    store = new CheckpointStore(storage, run);
  }

  @Test
  void hasNothingBeforeTheFirstCheckpoint() {
    assertThat(store.newest()).isEmpty();
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    assertThat(writer.recovery()).isEmpty();
    assertThat(store.newest()).isEmpty();
  }

  @Test
  void findsTheNewestCheckpointAsPublished() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    writer.publish(draft(1));
    Checkpoint published = writer.publish(draft(2));

    Recovery recovery = store.newest().orElseThrow();
    assertThat(recovery.checkpoint()).isEqualTo(published);
    assertThat(recovery.checkpoint().state().get("seed").asLong()).isEqualTo(42);
    assertThat(recovery.manifest().number()).isEqualTo(3);
    assertThat(recovery.skipped()).isEmpty();
    assertThat(model(published)).isEqualTo("parameters of 2");
  }

  @Test
  void usesNamesThatEveryStoreTakes() {
    store.takeOver(KEEP_ALL).publish(draft(1));
    assertThat(storage.list(paths.manifests())).allMatch(name -> name.matches("[0-9]{10}\\.json"));
    assertThat(storage.list(paths.checkpoints()))
        .allMatch(name -> name.matches("1-1-[0-9a-f]{32}"));
  }

  @Test
  void fallsBackFromATruncatedObject() {
    assertFallsBack("parameters of".getBytes(UTF_8), "has 13 bytes, expected 15");
  }

  @Test
  void fallsBackFromAFlippedObject() {
    assertFallsBack(bytes("parameters of 3"), "has SHA-256");
  }

  @Test
  void fallsBackFromADeletedObject() {
    assertFallsBack(null, "is missing");
  }

  @Test
  void fallsBackFromSwappedObjects() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    Checkpoint first = writer.publish(draft(1));
    Checkpoint second = writer.publish(draft(2));
    overwrite(object(second, 0), bytes("optimizer of 2."));
    overwrite(object(second, 1), bytes("parameters of 2"));
    assertThat(store.newest().orElseThrow().checkpoint()).isEqualTo(first);
  }

  @Test
  void fallsBackFromATornManifest() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    Checkpoint first = writer.publish(draft(1));
    writer.publish(draft(2));
    byte[] whole = content(manifest(3));
    overwrite(manifest(3), Arrays.copyOf(whole, whole.length / 2));
    assertSkipped(first, "manifests/0000000003.json", "it is torn");
  }

  @Test
  void fallsBackFromAFlippedManifest() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    Checkpoint first = writer.publish(draft(1));
    writer.publish(draft(2));
    byte[] flipped = content(manifest(3));
    flipped[flipped.length / 2] ^= 1;
    overwrite(manifest(3), flipped);
    assertSkipped(first, "manifests/0000000003.json", "does not match its own SHA-256");
  }

  @Test
  void fallsBackFromAManifestUnderAnotherNumber() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    Checkpoint first = writer.publish(draft(1));
    overwrite(manifest(3), content(manifest(2)));
    assertSkipped(first, "manifests/0000000003.json", "it says that its number is 2");
  }

  @Test
  void namesEveryReasonWhenAllAreDamagedAndDeletesNothing() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    Checkpoint first = writer.publish(draft(1));
    Checkpoint second = writer.publish(draft(2));
    writer.publish(draft(3));
    storage.delete(object(first, 0));
    overwrite(object(second, 1), bytes("?"));
    overwrite(manifest(4), bytes("{"));
    List<String> before = storage.list(paths.manifests());

    assertThatThrownBy(() -> store.takeOver(KEEP_ALL))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot resume from " + paths.root())
        .hasMessageContaining("manifests/0000000004.json: it is torn, it ends after 1 bytes")
        .hasMessageContaining("optimizer.bin has 1 bytes, expected 15")
        .hasMessageContaining("model.safetensors is missing")
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.BAD_DATA);
    assertThat(storage.list(paths.manifests())).isEqualTo(before);
  }

  @Test
  void startsAfreshWhenTheFirstManifestWasNeverFinished() {
    storage.createIfAbsent(manifest(1), new byte[0]);
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    assertThat(writer.recovery()).isEmpty();
    assertThat(writer.fence()).isEqualTo(2);
  }

  @Test
  void resumesFromTheCheckpointOfAnEarlierWriter() {
    Checkpoint published = store.takeOver(KEEP_ALL).publish(draft(1));
    CheckpointWriter second = store.takeOver(KEEP_ALL);
    assertThat(second.recovery().orElseThrow().checkpoint()).isEqualTo(published);
    assertThat(store.newest().orElseThrow().manifest().fence()).isEqualTo(second.fence());
  }

  @Test
  void putsTheOldWriterOutWhenTheRunIsTakenOver() {
    CheckpointWriter old = store.takeOver(KEEP_ALL);
    Checkpoint first = old.publish(draft(1));
    store.takeOver(KEEP_ALL);

    assertHeld(old::requireHeld, "got manifest 3 of another writer (fence 3, nonce ");
    assertHeld(() -> old.publish(draft(2)), "got manifest 3 of another writer (fence 3, nonce ");
    assertThat(store.newest().orElseThrow().checkpoint()).isEqualTo(first);
  }

  @Test
  void putsAWriterOutWhileItWritesItsObjects() {
    CheckpointWriter old = store.takeOver(KEEP_ALL);
    Checkpoint first = old.publish(draft(1));
    CheckpointDraft slow = slow(() -> store.takeOver(KEEP_ALL));

    assertHeld(() -> old.publish(slow), "got manifest 3 of another writer");
    assertThat(store.newest().orElseThrow().checkpoint()).isEqualTo(first);
  }

  @Test
  void passesOverAManifestThatAFencedWriterPutUnderAFreedNumber() {
    CheckpointWriter old = store.takeOver(KEEP_ALL);
    old.publish(draft(1));
    byte[] late = content(manifest(2));
    CheckpointWriter young = store.takeOver(new Retention(1, 0));
    Checkpoint second = young.publish(draft(2));
    Manifest fenced =
        new Manifest(3, 1, "old", java.time.Instant.EPOCH, manifest(late).checkpoint());
    storage.createIfAbsent(manifest(3), ManifestFormat.toBytes(fenced));
    Manifest newest = store.newest().orElseThrow().manifest();
    assertThat(newest.checkpoint()).contains(second);
    storage.delete(object(second, 0));

    assertThatThrownBy(store::newest)
        .hasMessageContaining("its writer had lost the run to manifest 3 before");
  }

  @Test
  void passesAManifestOfItsOwnWhoseAnswerWasLost() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    Checkpoint first = writer.publish(draft(1));
    Manifest own = store.newest().orElseThrow().manifest();
    Manifest lost = new Manifest(3, own.fence(), own.nonce(), own.createdAt(), own.checkpoint());
    storage.createIfAbsent(manifest(3), ManifestFormat.toBytes(lost));

    Checkpoint second = writer.publish(draft(2));
    assertThat(second).isNotEqualTo(first);
    assertThat(store.newest().orElseThrow().manifest().number()).isEqualTo(4);
  }

  @Test
  void stopsWhenItsManifestsAreGone() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    writer.publish(draft(1));
    storage.delete(paths.root());

    assertGone(writer::requireHeld, 2);
    assertGone(() -> writer.publish(draft(2)), 2);
    assertThat(storage.list(paths.root())).isEmpty();
  }

  @Test
  void stopsWhenItsManifestsGoWhileItWritesItsObjects() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    CheckpointDraft slow =
        slow(
            () -> {
              storage.delete(paths.root());
              store.takeOver(KEEP_ALL).publish(draft(7));
            });

    assertHeld(() -> writer.publish(slow), "got manifest 2 of another writer");
    assertThat(storage.list(paths.manifests())).hasSize(1);
    assertThat(storage.list(paths.checkpoints())).hasSize(1);
    assertThat(store.newest().orElseThrow().checkpoint().epoch()).isEqualTo(7);
  }

  @Test
  void leavesARunAloneThatBeganInTheDirectoryOfItsOwn() {
    CheckpointWriter old = store.takeOver(KEEP_ALL);
    old.publish(draft(1));
    storage.delete(paths.root());
    CheckpointWriter young = store.takeOver(KEEP_ALL);

    assertHeld(old::requireHeld, "got manifest 1 of another writer");
    Checkpoint second = young.publish(draft(7));
    assertHeld(() -> old.publish(draft(2)), "got manifest 2 of another writer");
    assertThat(store.newest().orElseThrow().checkpoint()).isEqualTo(second);
    assertThat(storage.list(paths.checkpoints())).hasSize(1);
  }

  @Test
  void endsAtAManifestOfAnotherVersionAndWritesNothing() {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    writer.publish(draft(1));
    writer.publish(draft(2));
    String later = new String(content(manifest(3)), UTF_8).replace("\"format\":1", "\"format\":2");
    String body = later.substring(later.indexOf("\"manifest\":") + 11, later.length() - 2);
    overwrite(manifest(3), SealedJson.seal("manifest", body));
    List<String> before = storage.list(paths.manifests());

    for (Runnable use : List.<Runnable>of(() -> store.takeOver(KEEP_ALL), store::newest)) {
      assertThatThrownBy(use::run)
          .hasMessage(
              "Cannot read %s: its format is 2, expected 1. Its own SHA-256 is right, so another version of featuremap wrote it. Use that version, or start a new run; nothing was changed."
                  .formatted(manifest(3)))
          .extracting(e -> ((JobException) e).exitCode())
          .isEqualTo(ExitCode.BAD_DATA);
    }
    assertThat(storage.list(paths.manifests())).isEqualTo(before);
  }

  private static void assertGone(Runnable use, long manifest) {
    assertThatThrownBy(use::run)
        .asInstanceOf(InstanceOfAssertFactories.type(JobException.class))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED))
        .satisfies(
            e ->
                assertThat(e)
                    .hasMessageContaining(
                        "manifest %s, which this driver wrote, is gone.".formatted(manifest)));
  }

  @Test
  void keepsTheLastTheBestAndOneOfEveryFewEpochs() {
    CheckpointWriter writer = store.takeOver(new Retention(2, 4));
    for (int epoch = 1; epoch <= 10; epoch++) {
      writer.publish(draft(epoch, epoch == 3));
    }
    assertThat(storage.list(paths.checkpoints()))
        .map(name -> name.substring(0, name.indexOf('-')))
        .containsExactlyInAnyOrder("3", "4", "8", "9", "10");
    assertThat(storage.list(paths.manifests())).hasSize(5);
  }

  @Test
  void neverDeletesWhatItCannotParse() {
    storage.createIfAbsent(manifest(1), bytes("not a manifest"));
    storage.write(new Path(paths.manifests(), "notes.txt"), output -> output.write(1));
    CheckpointWriter writer = store.takeOver(new Retention(1, 0));
    writer.publish(draft(1));
    writer.publish(draft(2));
    assertThat(storage.list(paths.manifests()))
        .containsExactly("0000000001.json", "0000000004.json", "notes.txt");
  }

  @Test
  void keepsObjectsThatANewerManifestStillNames() {
    Checkpoint first = store.takeOver(KEEP_ALL).publish(draft(1));
    CheckpointWriter second = store.takeOver(new Retention(2, 0));
    second.publish(draft(2));
    assertThat(model(first)).isEqualTo("parameters of 1");
    assertThat(storage.list(paths.manifests()))
        .containsExactly("0000000003.json", "0000000004.json");
  }

  @Test
  void refusesToReadAnObjectThatChangedMeanwhile() {
    Checkpoint published = store.takeOver(KEEP_ALL).publish(draft(1));
    overwrite(object(published, 0), bytes("parameters of 7"));
    assertThatThrownBy(() -> model(published)).hasMessageContaining("has SHA-256");
  }

  private void assertFallsBack(byte[] damaged, String reason) {
    CheckpointWriter writer = store.takeOver(KEEP_ALL);
    Checkpoint first = writer.publish(draft(1));
    Checkpoint second = writer.publish(draft(2));
    storage.delete(object(second, 0));
    if (damaged != null) {
      overwrite(object(second, 0), damaged);
    }
    assertSkipped(first, "checkpoints/" + second.directory() + "/" + MODEL, reason);
  }

  private void assertSkipped(Checkpoint expected, String file, String reason) {
    Recovery recovery = store.newest().orElseThrow();
    assertThat(recovery.checkpoint()).isEqualTo(expected);
    assertThat(recovery.skipped()).singleElement().asString().contains(file, reason);
  }

  private static void assertHeld(Runnable publication, String message) {
    assertThatThrownBy(publication::run)
        .asInstanceOf(InstanceOfAssertFactories.type(JobException.class))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.RUN_HELD))
        .satisfies(e -> assertThat(e).hasMessageContaining(message));
  }

  private Path object(Checkpoint checkpoint, int index) {
    return new Path(
        paths.checkpoint(checkpoint.directory()), checkpoint.objects().get(index).name());
  }

  private void overwrite(Path path, byte[] content) {
    storage.replace(path, content);
  }

  private byte[] content(Path path) {
    return storage.read(path, InputStream::readAllBytes).orElseThrow();
  }

  private static Manifest manifest(byte[] content) {
    try {
      return ManifestFormat.fromBytes(content);
    } catch (BrokenSealException e) {
      throw new AssertionError(e);
    }
  }

  private String model(Checkpoint checkpoint) {
    return store.read(checkpoint, MODEL, input -> new String(input.readAllBytes(), UTF_8));
  }

  private Path manifest(long number) {
    return new Manifests(storage, paths).path(number);
  }
}
