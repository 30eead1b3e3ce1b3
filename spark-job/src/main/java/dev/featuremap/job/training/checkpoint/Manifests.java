package dev.featuremap.job.training.checkpoint;

import dev.featuremap.format.BrokenSealException;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.NumberedLog;
import dev.featuremap.job.storage.Storage;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;

/** The numbered manifests of one run. */
final class Manifests {
  private final NumberedLog log;

  Manifests(Storage storage, RunDirectory run) {
    this.log = NumberedLog.ofJson(storage, run.manifests());
  }

  /** The numbers in use, ascending; broken manifests count too. */
  List<Long> numbers() {
    return log.numbers();
  }

  Path path(long number) {
    return log.path(number);
  }

  /** Takes the manifest's number; false when another manifest has it. */
  boolean create(Manifest manifest) {
    return log.create(manifest.number(), ManifestFormat.toBytes(manifest));
  }

  Manifest read(long number) throws BrokenSealException {
    return find(number)
        .orElseThrow(() -> new BrokenSealException("it was deleted meanwhile", false));
  }

  /** The manifest of a number; nothing when there is no file of it. */
  Optional<Manifest> find(long number) throws BrokenSealException {
    Optional<byte[]> bytes = bytes(number);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    Manifest manifest = ManifestFormat.fromBytes(bytes.get());
    if (manifest.number() != number) {
      throw new BrokenSealException(
          "it says that its number is %s".formatted(manifest.number()), false);
    }
    return Optional.of(manifest);
  }

  /** Another version's manifest ends a command: what it does not know may be newer. */
  JobException unknown(long number, OtherVersionException e) {
    return new JobException(
        ExitCode.BAD_DATA,
        "Cannot read %s: %s. Its own SHA-256 is right, so another version of featuremap wrote it. Use that version, or start a new run; nothing was changed."
            .formatted(path(number), e.getMessage()),
        e);
  }

  private Optional<byte[]> bytes(long number) throws BrokenSealException {
    try {
      return log.read(number);
    } catch (JobException e) {
      if (e.getCause() instanceof ChecksumException) {
        throw new BrokenSealException(e.getMessage(), false);
      }
      throw e;
    }
  }

  /** Who wrote a manifest, for messages. */
  String describeWriter(long number) {
    try {
      Manifest manifest = read(number);
      return "fence %s, nonce %s, created at %s"
          .formatted(manifest.fence(), manifest.nonce(), manifest.createdAt());
    } catch (BrokenSealException e) {
      return "unknown: " + e.getMessage();
    }
  }

  void delete(long number) {
    log.delete(number);
  }
}
