package dev.featuremap.job.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does for a run. */
public abstract class StorageContract {
  private Path directory;
  private Storage storage;

  /** A directory of the store under test. */
  public abstract Path root();

  public abstract Configuration configuration();

  @BeforeEach
  void openStorage() {
    directory = new Path(root(), "storage-" + UUID.randomUUID());
    storage = open(directory);
  }

  /** The store of a directory. */
  Storage open(Path directory) {
    return Storage.of(directory, configuration());
  }

  @Test
  void readsWhatWasWritten() {
    Path path = new Path(directory, "a/b/object");
    storage.write(path, output -> output.write(bytes("content")));
    assertThat(text(path)).isEqualTo("content");
  }

  @Test
  void digestsWhatIsWritten() {
    ContentDigest digest =
        storage.writeDigested(
            new Path(directory, "object"), output -> output.write(bytes("content")));
    assertThat(digest).isEqualTo(ContentDigest.of(bytes("content")));
  }

  @Test
  void findsNothingWhereNothingIs() {
    assertThat(storage.read(new Path(directory, "object"), InputStream::readAllBytes)).isEmpty();
    assertThat(storage.list(new Path(directory, "missing"))).isEmpty();
  }

  @Test
  void listsNamesInOrder() {
    for (String name : List.of("c", "a", "b")) {
      storage.write(new Path(directory, name), output -> output.write(1));
    }
    assertThat(storage.list(directory)).containsExactly("a", "b", "c");
  }

  @Test
  void deletesADirectoryWithEverythingBelow() {
    storage.write(new Path(directory, "a/b"), output -> output.write(1));
    storage.delete(new Path(directory, "a"));
    assertThat(storage.read(new Path(directory, "a/b"), InputStream::readAllBytes)).isEmpty();
  }

  @Test
  void deletesNothingWithoutComplaint() {
    assertThatCode(() -> storage.delete(new Path(directory, "missing"))).doesNotThrowAnyException();
  }

  @Test
  void replacesASmallFileAndLeavesNothingElse() {
    Path path = new Path(directory, "status.json");
    storage.replace(path, bytes("first, and longer"));
    storage.replace(path, bytes("second"));
    assertThat(text(path)).isEqualTo("second");
    assertThat(storage.list(directory)).containsExactly("status.json");
  }

  @Test
  void createsOnlyOnce() {
    Path path = new Path(directory, "key");
    assertThat(storage.createIfAbsent(path, bytes("first"))).isTrue();
    assertThat(storage.createIfAbsent(path, bytes("second"))).isFalse();
    assertThat(text(path)).isEqualTo("first");
    assertThat(storage.list(directory)).containsExactly("key");
  }

  @Test
  void takesItsOwnObjectForCreated() {
    Path path = new Path(directory, "key");
    storage.createIfAbsent(path, bytes("nonce 1"));
    assertThat(storage.createIfAbsent(path, bytes("nonce 1"))).isTrue();
  }

  @Test
  void doesNotTakeTheBeginningOfAnObjectForItsOwn() {
    Path path = new Path(directory, "key");
    storage.createIfAbsent(path, bytes("nonce 12"));
    assertThat(storage.createIfAbsent(path, bytes("nonce 1"))).isFalse();
  }

  @Test
  void letsExactlyOneOfFourRacingWritersCreateEachOf25Keys() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      for (int key = 0; key < 25; key++) {
        Path path = new Path(directory, "key-" + key);
        List<Callable<Boolean>> race = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
          byte[] content = bytes("writer " + writer);
          race.add(() -> storage.createIfAbsent(path, content));
        }
        List<Integer> winners = new ArrayList<>();
        List<Future<Boolean>> results = writers.invokeAll(race);
        for (int writer = 0; writer < 4; writer++) {
          if (results.get(writer).get()) {
            winners.add(writer);
          }
        }
        assertThat(winners).hasSize(1);
        assertThat(text(path)).isEqualTo("writer " + winners.get(0));
      }
    } finally {
      writers.shutdownNow();
    }
  }

  @Test
  void passesItsOwnProbeAndLeavesNothing() {
    storage.probe(directory);
    assertThat(storage.list(directory)).isEmpty();
  }

  private String text(Path path) {
    return new String(storage.read(path, InputStream::readAllBytes).orElseThrow(), UTF_8);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
