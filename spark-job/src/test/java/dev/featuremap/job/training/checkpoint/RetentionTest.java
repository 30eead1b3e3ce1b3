package dev.featuremap.job.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionTest {

  @Test
  void refusesToKeepNothing() {
    String rule =
        "Cannot keep checkpoints: last must be at least 1 and everyEpochs at least 0, got ";
    assertThatThrownBy(() -> new Retention(0, 0)).hasMessage(rule + "0 and 0.");
    assertThatThrownBy(() -> new Retention(1, -1)).hasMessage(rule + "1 and -1.");
  }

  @Test
  void keepsTheLast() {
    assertThat(new Retention(2, 0).kept(List.of(at(3, 3), at(2, 2), at(1, 1))))
        .containsExactlyInAnyOrder(3L, 2L);
  }

  @Test
  void keepsTheNewestOfTheBest() {
    List<Manifest> manifests = List.of(at(4, 4), best(3, 3), best(2, 2), at(1, 1));
    assertThat(new Retention(1, 0).kept(manifests)).containsExactlyInAnyOrder(4L, 3L);
  }

  @Test
  void keepsTheFirstCheckpointAfterEveryFewEpochs() {
    List<Manifest> manifests = List.of(at(6, 5), at(5, 4), at(4, 4), at(3, 3), at(2, 2), at(1, 0));
    assertThat(new Retention(1, 2).kept(manifests)).containsExactlyInAnyOrder(6L, 4L, 2L);
  }

  @Test
  void keepsTheFirstAfterAMultipleThatHasNoCheckpointOfItsOwn() {
    List<Manifest> manifests = List.of(at(5, 9), at(4, 7), at(3, 5), at(2, 3), at(1, 1));
    assertThat(new Retention(1, 4).kept(manifests)).containsExactlyInAnyOrder(5L, 3L);
  }

  @Test
  void findsTheFirstByItsProgressEvenIfItWasPublishedAgain() {
    assertThat(new Retention(1, 2).kept(List.of(at(9, 4), at(8, 2), at(7, 3))))
        .containsExactlyInAnyOrder(9L, 8L);
  }

  @Test
  void countsACheckpointOnceHoweverOftenTheRunWasTakenOver() {
    List<Manifest> manifests =
        List.of(manifest(4, 2, "b", false), manifest(3, 1, "a", false), manifest(2, 1, "a", false));
    assertThat(new Retention(2, 0).kept(manifests)).containsExactlyInAnyOrder(4L, 3L);
  }

  @Test
  void keepsNoManifestWithoutACheckpoint() {
    Manifest empty = new Manifest(1, 1, "nonce", Instant.EPOCH, Optional.empty());
    assertThat(new Retention(5, 0).kept(List.of(at(2, 1), empty))).containsExactly(2L);
  }

  private static Manifest at(long number, int epoch) {
    return manifest(number, epoch, "directory-" + number, false);
  }

  private static Manifest best(long number, int epoch) {
    return manifest(number, epoch, "directory-" + number, true);
  }

  private static Manifest manifest(long number, int epoch, String directory, boolean best) {
    Checkpoint checkpoint =
        new Checkpoint(
            directory, epoch, epoch, best, List.of(), JsonNodeFactory.instance.objectNode());
    return new Manifest(number, 1, "nonce", Instant.EPOCH, Optional.of(checkpoint));
  }
}
