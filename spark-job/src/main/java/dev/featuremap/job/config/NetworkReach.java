package dev.featuremap.job.config;

import com.typesafe.config.ConfigOrigin;
import dev.featuremap.job.path.FileSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a name of a network may reach, which depends on who wrote it.
 *
 * <p>The command line may name anything. A file of settings is the user's own, but may be copied
 * from somebody: it may name files, and no address of the web. A network file may come from
 * anybody: it may name files beside itself and below, where links do not lead out.
 */
final class NetworkReach {
  private static final Set<String> WEB =
      Set.of("http", "https", "ftp", "sftp", "webhdfs", "swebhdfs");

  private final Configuration hadoop;

  /** The network file that the names are in, if they are in one. */
  private final Optional<Path> file;

  private NetworkReach(Configuration hadoop, Optional<Path> file) {
    this.hadoop = hadoop;
    this.file = file;
  }

  /** Of settings, whoever gave them. */
  static NetworkReach ofSettings(Configuration hadoop) {
    return new NetworkReach(hadoop, Optional.empty());
  }

  /** Of what a network file names. */
  NetworkReach of(Path network) {
    return new NetworkReach(hadoop, Optional.of(network));
  }

  /** True for text of the command line, whose author may see what any file holds. */
  static boolean isOfCommandLine(ConfigOrigin origin) {
    String place = origin.description();
    return place.equals(CommandLineLayer.ORIGIN)
        || place.startsWith(CommandLineLayer.ORIGIN + ": ");
  }

  /**
   * The file that a name means.
   *
   * @param origin of the name
   * @throws IllegalArgumentException with a rule that it breaks; what it names is not repeated
   */
  Path resolve(String key, String name, ConfigOrigin origin) {
    Path named = Locations.parse(key, name);
    if (isOfCommandLine(origin)) {
      return named;
    }
    if (file.isPresent()) {
      return beside(file.get(), named, key, origin);
    }
    String scheme = named.toUri().getScheme();
    if (scheme != null && WEB.contains(scheme.toLowerCase(Locale.ROOT))) {
      throw refusal(key, origin, "a file of settings names no address of the web");
    }
    return named;
  }

  private Path beside(Path network, Path named, String key, ConfigOrigin origin) {
    String rule = "a network file may name files in its own directory and below, and no others";
    try {
      Path base = FileSystems.qualify(network, hadoop).getParent();
      Path found = new Path(base, named);
      String root = base.toUri().getPath();
      String below = found.toUri().normalize().getPath();
      boolean isOfItsStore =
          Objects.equals(found.toUri().getScheme(), base.toUri().getScheme())
              && Objects.equals(authority(found), authority(base));
      if (isOfItsStore
          && below.startsWith(root.endsWith("/") ? root : root + "/")
          && !leadsOut(base, found)) {
        return found;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw refusal(key, origin, rule);
    }
    throw refusal(key, origin, rule);
  }

  private static String authority(Path path) {
    return path.toUri().getAuthority() == null ? "" : path.toUri().getAuthority();
  }

  /** Only local disks have links. */
  private static boolean leadsOut(Path base, Path found) throws IOException {
    if (!"file".equals(base.toUri().getScheme())) {
      return false;
    }
    java.nio.file.Path file = java.nio.file.Path.of(found.toUri().getPath());
    return Files.exists(file)
        && !file.toRealPath()
            .startsWith(java.nio.file.Path.of(base.toUri().getPath()).toRealPath());
  }

  private static IllegalArgumentException refusal(String key, ConfigOrigin origin, String rule) {
    return new IllegalArgumentException(
        "Cannot use %s in %s: %s. Name it on the command line, as --set network=URI or --set network.base=URI."
            .formatted(key, ConfigFile.place(origin), rule));
  }
}
