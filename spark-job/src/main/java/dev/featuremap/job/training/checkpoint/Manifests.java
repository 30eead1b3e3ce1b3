package dev.featuremap.job.training.checkpoint;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.storage.Storage;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;

/** The numbered manifests of one run. */
final class Manifests {
  private final Storage storage;
  private final RunPaths paths;

  Manifests(Storage storage, RunPaths paths) {
    this.storage = storage;
    this.paths = paths;
  }

  /** The numbers in use, ascending; broken manifests count too. */
  List<Long> numbers() {
    return storage.list(paths.manifests()).stream()
        .map(RunPaths::manifestNumber)
        .filter(OptionalLong::isPresent)
        .map(OptionalLong::getAsLong)
        .sorted()
        .toList();
  }

  /** The highest number in use, or 0. */
  long last() {
    return last(numbers());
  }

  static long last(List<Long> numbers) {
    return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
  }

  /** Takes the manifest's number; false when another manifest has it. */
  boolean create(Manifest manifest) {
    return storage.createIfAbsent(
        paths.manifest(manifest.number()), ManifestFormat.toBytes(manifest));
  }

  Manifest read(long number) throws BrokenManifestException {
    Optional<byte[]> bytes = bytes(paths.manifest(number));
    if (bytes.isEmpty()) {
      throw new BrokenManifestException("it was deleted meanwhile", false);
    }
    Manifest manifest = ManifestFormat.fromBytes(bytes.get());
    if (manifest.number() != number) {
      throw new BrokenManifestException(
          "it says that its number is %d".formatted(manifest.number()), false);
    }
    return manifest;
  }

  private Optional<byte[]> bytes(Path path) throws BrokenManifestException {
    try {
      return storage.read(path, InputStream::readAllBytes);
    } catch (JobException e) {
      if (e.getCause() instanceof ChecksumException) {
        throw new BrokenManifestException(e.getMessage(), false);
      }
      throw e;
    }
  }

  /** Who wrote a manifest, for messages. */
  String describeWriter(long number) {
    try {
      Manifest manifest = read(number);
      return "fence %d, nonce %s, created at %s"
          .formatted(manifest.fence(), manifest.nonce(), manifest.createdAt());
    } catch (BrokenManifestException e) {
      return "unknown: " + e.getMessage();
    }
  }

  void delete(long number) {
    storage.delete(paths.manifest(number));
  }
}
