package dev.featuremap.job.images.source.table;

import dev.featuremap.job.path.FileSystems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Files of tables, by their endings or, as Hive gives them none, by their first bytes. */
public final class TableFiles {
  private static final Set<String> ENDINGS = Set.of("parquet", "parq", "orc", "avro");

  /** Those that need no look into them. */
  private static final Set<String> IMAGES =
      Set.of("png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff");

  private static final Set<String> MAGICS = Set.of("PAR1", "ORC", "Obj\u0001");
  private static final int MAGIC_BYTES = 4;

  private TableFiles() {}

  /** True for a name that images have. */
  public static boolean isImage(Path path) {
    return IMAGES.contains(ending(path));
  }

  private static String ending(Path path) {
    String name = path.getName();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** True for a file of Parquet, ORC or Avro. */
  public static boolean isOne(Configuration configuration, FileStatus file) {
    Path path = file.getPath();
    if (ENDINGS.contains(ending(path)) || isImage(path)) {
      return !isImage(path);
    }
    // What has no length may be a pipe, which would never end.
    return file.getLen() >= MAGIC_BYTES && beginsLikeOne(configuration, path);
  }

  /** A file that cannot be read is no sign; who reads the set says why. */
  private static boolean beginsLikeOne(Configuration configuration, Path path) {
    try (InputStream in = FileSystems.of(path, configuration).open(path)) {
      String head = new String(in.readNBytes(MAGIC_BYTES), StandardCharsets.ISO_8859_1);
      return MAGICS.stream().anyMatch(head::startsWith);
    } catch (IOException e) {
      return false;
    }
  }
}
