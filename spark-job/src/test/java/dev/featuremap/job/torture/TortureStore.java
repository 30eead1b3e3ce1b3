package dev.featuremap.job.torture;

import dev.featuremap.job.testing.HdfsCluster;
import dev.featuremap.job.testing.S3Front;
import dev.featuremap.job.testing.S3Server;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A real store that runs are written to. */
final class TortureStore implements AutoCloseable {
  private final String name;
  private final URI root;
  private final Map<String, String> hadoop;
  private final Runnable server;
  private final Optional<HdfsCluster> hdfs;

  private TortureStore(String name, URI root, Map<String, String> hadoop, Runnable server) {
    this(name, root, hadoop, server, Optional.empty());
  }

  private TortureStore(
      String name,
      URI root,
      Map<String, String> hadoop,
      Runnable server,
      Optional<HdfsCluster> hdfs) {
    this.name = name;
    this.root = root;
    this.hadoop = hadoop;
    this.server = server;
    this.hdfs = hdfs;
  }

  /**
   * Starts the store of a name: {@code file}, {@code hdfs} or {@code s3a}.
   *
   * @param directory for all its files
   */
  static TortureStore start(String name, Path directory) throws Exception {
    Files.createDirectories(directory);
    switch (name) {
      case "file" -> {
        return new TortureStore(name, directory.toUri(), Map.of(), () -> {});
      }
      case "hdfs" -> {
        HdfsCluster cluster = HdfsCluster.start(directory);
        return new TortureStore(
            name, cluster.uri(), Map.of(), cluster::close, Optional.of(cluster));
      }
      case "s3a" -> {
        S3Server server = S3Server.start(directory);
        return new TortureStore(
            name, server.bucketUri(), server.hadoopConfiguration(), server::close);
      }
      default ->
          throw new IllegalArgumentException(
              "Cannot torture runs on %s: expected file, hdfs or s3a.".formatted(name));
    }
  }

  /** Its name. */
  String name() {
    return name;
  }

  /** A directory of it that nobody has used. */
  URI directory(String child) {
    String text = root.toString();
    return URI.create(text.endsWith("/") ? text + child : text + "/" + child);
  }

  /** What reaches it, as settings of Hadoop. */
  Map<String, String> hadoop() {
    return hadoop;
  }

  /** The same store behind a front of its server, which is not this store's to stop. */
  TortureStore through(S3Front front) {
    return new TortureStore(name, root, front.configuration(hadoop), () -> {});
  }

  /** Its cluster, if it is an HDFS. */
  Optional<HdfsCluster> hdfs() {
    return hdfs;
  }

  @Override
  public void close() {
    server.run();
  }
}
