package dev.featuremap.job.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The files of a run on any store, to be damaged. */
final class RunFiles {
  private final FileSystem store;
  private final Path root;

  /** What may happen to a file. */
  enum Damage {
    TRUNCATED,
    FLIPPED,
    DELETED,
    SWAPPED;

    /** As the ledger says it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  RunFiles(Path root, Configuration configuration) throws IOException {
    FileSystem found = root.getFileSystem(configuration);
    // Without the checksum files that Hadoop puts beside local ones.
    this.store = found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
    this.root = root;
  }

  /** All files of the run, in order. */
  List<Path> all() throws IOException {
    return below(root);
  }

  /** All files below a directory of the run, in order. */
  List<Path> below(String directory) throws IOException {
    return below(new Path(root, directory));
  }

  private List<Path> below(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> found = store.listFiles(directory, true);
    while (found.hasNext()) {
      files.add(found.next().getPath());
    }
    files.sort(null);
    return files;
  }

  /** Each file with its length and when it was written, in order. */
  List<String> lengthsAndTimes() throws IOException {
    List<String> all = new ArrayList<>();
    for (Path file : all()) {
      FileStatus status = store.getFileStatus(file);
      all.add("%s %d %d".formatted(file, status.getLen(), status.getModificationTime()));
    }
    return all;
  }

  /**
   * Damages a file.
   *
   * @param other whose content it gets when it is swapped
   */
  void damage(Path file, Damage kind, Path other, Random random) throws IOException {
    byte[] bytes = read(file);
    switch (kind) {
      case TRUNCATED -> write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      case FLIPPED -> {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        write(file, bytes);
      }
      case DELETED -> store.delete(file, false);
      case SWAPPED -> write(file, read(other));
    }
  }

  private byte[] read(Path file) throws IOException {
    try (InputStream in = store.open(file)) {
      return in.readAllBytes();
    }
  }

  private void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = store.create(file, true)) {
      out.write(bytes);
    }
  }
}
