package dev.featuremap.job.images.source;

import dev.featuremap.data.Sha256;
import dev.featuremap.job.path.FileSystems;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * By what a later start knows whether a source gives the same records: the paths of its files in
 * their order, their lengths, and the marks by which their store tells one content from another.
 *
 * <p>Files are divided by their places into {@value #PARTS} parts at most, each of which has a
 * digest of its own, so that a message can say where something has changed. Parts are sums of
 * digests of single files, so tasks may add files in any order.
 */
public final class SourceMarks implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int PARTS = 256;
  private static final int WORTH_LISTING = 8;

  private final long files;
  private final long[] names;
  private final long[] times;
  private final String[] firsts; // the least path of a part

  /** The marks of a source of so many files, none of which is added yet. */
  public SourceMarks(long files) {
    this.files = files;
    int parts = (int) Math.min(PARTS, files);
    this.names = new long[parts];
    this.times = new long[parts];
    this.firsts = new String[parts];
  }

  /** The marks of files in this order; a directory of many is listed once. */
  public static SourceMarks of(Configuration configuration, List<Path> files) {
    Map<Path, Long> filesOf =
        files.stream().collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    Map<Path, FileStatus> found = new HashMap<>();
    filesOf.forEach(
        (directory, count) -> {
          if (count >= WORTH_LISTING) {
            for (FileStatus status : list(configuration, directory)) {
              found.put(status.getPath(), status);
            }
          }
        });
    SourceMarks marks = new SourceMarks(files.size());
    for (int place = 0; place < files.size(); place++) {
      Path file = files.get(place);
      FileStatus status = found.computeIfAbsent(file, path -> list(configuration, path)[0]);
      marks.add(place, file.toString(), status.getLen(), mark(status));
    }
    return marks;
  }

  /** What is in a directory, or the file itself. */
  private static FileStatus[] list(Configuration configuration, Path path) {
    try {
      FileSystem store = FileSystems.of(path, configuration);
      FileStatus status = store.getFileStatus(path);
      return status.isFile() ? new FileStatus[] {status} : store.listStatus(path);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  /** By what a store tells the content of a file from another: its tag, or when it was written. */
  public static String mark(FileStatus status) {
    if (status instanceof EtagSource tagged && tagged.getEtag() != null) {
      return tagged.getEtag();
    }
    return Long.toString(status.getModificationTime());
  }

  /**
   * Adds a file.
   *
   * @param place of the file in the order of the source, from 0
   * @param mark as {@link #mark(FileStatus)} gives it
   */
  public SourceMarks add(long place, String path, long length, String mark) {
    int part = (int) (files <= PARTS ? place : place * PARTS / files);
    names[part] += digest(place + "\n" + path + "\n" + length);
    times[part] += digest(place + "\n" + mark);
    addFirst(part, path);
    return this;
  }

  /** Adds the files of another part of the same source. */
  public SourceMarks add(SourceMarks other) {
    for (int part = 0; part < names.length; part++) {
      names[part] += other.names[part];
      times[part] += other.times[part];
      addFirst(part, other.firsts[part]);
    }
    return this;
  }

  private void addFirst(int part, String path) {
    if (firsts[part] == null || (path != null && path.compareTo(firsts[part]) < 0)) {
      firsts[part] = path;
    }
  }

  private static long digest(String text) {
    byte[] whole = Sha256.start().digest(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(whole).getLong();
  }

  /**
   * What an earlier start knows of its files.
   *
   * @param files how many
   * @param names of each part, in hexadecimal
   * @param times the same of marks
   */
  public record Stored(long files, List<String> names, List<String> times) {
    /** Copies the lists. */
    public Stored {
      names = List.copyOf(names);
      times = List.copyOf(times);
    }
  }

  /** What to store for a later start. */
  public Stored stored() {
    return new Stored(files, hexadecimal(names), hexadecimal(times));
  }

  private static List<String> hexadecimal(long[] sums) {
    return Arrays.stream(sums).mapToObj(HexFormat.of()::toHexDigits).toList();
  }

  /**
   * What has changed since an earlier start, as the end of a sentence; empty if nothing has.
   *
   * @throws IllegalArgumentException if what is stored cannot be of any files
   */
  public Optional<String> changeSince(Stored earlier) {
    if (earlier.files() != files) {
      return Optional.of(
          String.format(
              Locale.ROOT, "there are %,d files, and there were %,d", files, earlier.files()));
    }
    return change(earlier.names(), hexadecimal(names), "has another path, place or length")
        .or(() -> change(earlier.times(), hexadecimal(times), "was written again"));
  }

  private Optional<String> change(List<String> before, List<String> now, String how) {
    if (before.size() != now.size()) {
      throw new IllegalArgumentException("expected " + now.size() + " parts, got " + before.size());
    }
    List<Integer> changed = new ArrayList<>();
    for (int part = 0; part < now.size(); part++) {
      if (!before.get(part).equals(now.get(part))) {
        changed.add(part);
      }
    }
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    int part = changed.get(0);
    String which =
        files <= PARTS
            ? firsts[part]
            : String.format(
                Locale.ROOT,
                "one of the files %,d to %,d, of which %s is the first,",
                first(part),
                first(part + 1) - 1,
                firsts[part]);
    String others = changed.size() == 1 ? "" : ", and others too";
    return Optional.of("%s %s%s".formatted(which, how, others));
  }

  private long first(int part) {
    return (part * files + PARTS - 1) / PARTS;
  }
}
