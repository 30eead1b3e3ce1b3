package dev.featuremap.job.testing;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** The local file system, which counts how often each file is opened to be read. */
public final class CountingFiles extends LocalFileSystem {
  private static final Map<String, Integer> OPENED = new ConcurrentHashMap<>();

  /** How often files below a directory were opened since the last call, by their paths. */
  public static Map<String, Integer> take(java.nio.file.Path directory) {
    Map<String, Integer> below = new TreeMap<>();
    OPENED.forEach(
        (path, count) -> {
          if (path.startsWith(directory + "/")) {
            below.put(path, count);
          }
        });
    OPENED.keySet().removeAll(below.keySet());
    return below;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    OPENED.merge(path.toUri().getPath(), 1, Integer::sum);
    return super.open(path, bufferSize);
  }
}
