package dev.featuremap.job.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** A server that speaks S3 with conditional writes, as a child process, on loopback. */
public final class S3Server implements AutoCloseable {
  private static final Path JAR = Path.of("target", "s3proxy", "s3proxy.jar");
  private static final String BUCKET = "runs";
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final Process process;
  private final Thread stopAtExit;
  private final int port;

  private S3Server(Process process, int port) {
    this.process = process;
    this.port = port;
    this.stopAtExit = new Thread(process::destroyForcibly, "stop-s3-server");
    Runtime.getRuntime().addShutdownHook(stopAtExit);
  }

  /**
   * Starts one with an empty bucket.
   *
   * @param directory for its objects, configuration and log; below {@code target}
   */
  public static S3Server start(Path directory) throws IOException, InterruptedException {
    int port = Loopback.freePort();
    Path objects = directory.resolve("objects");
    Files.createDirectories(objects.resolve(bucket(port)));
    Path properties = directory.resolve("s3proxy.conf");
    Files.writeString(
        properties,
        """
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.endpoint=http://127.0.0.1:%s
        s3proxy.identity=test-identity
        s3proxy.credential=test-credential
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """
            .formatted(port, objects.toAbsolutePath()));
    List<String> command = new ArrayList<>();
    command.add(EmbeddedSpark.OWN_JDK.resolve("bin/java").toString());
    command.addAll(EmbeddedSpark.LIGHT);
    command.addAll(List.of("-Xmx256m", "-jar", JAR.toAbsolutePath().toString()));
    command.addAll(List.of("--properties", properties.toAbsolutePath().toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("s3proxy.log").toFile())
            .start();
    S3Server server = new S3Server(process, port);
    try {
      server.awaitReady();
    } catch (IOException | InterruptedException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** The bucket's root, as in {@code s3a://runs-40123}. */
  public URI bucketUri() {
    return URI.create("s3a://" + bucket(port));
  }

  /** Hadoop caches its clients by bucket, so the buckets of two servers must have two names. */
  private static String bucket(int port) {
    return BUCKET + "-" + port;
  }

  /** What a client needs; Spark takes the same keys with the prefix {@code spark.hadoop.}. */
  public Map<String, String> hadoopConfiguration() {
    return Map.of(
        "fs.s3a.endpoint", "http://127.0.0.1:" + port,
        "fs.s3a.endpoint.region", "us-east-1",
        "fs.s3a.path.style.access", "true",
        "fs.s3a.connection.ssl.enabled", "false",
        "fs.s3a.access.key", "test-identity",
        "fs.s3a.secret.key", "test-credential",
        "fs.s3a.buffer.dir", System.getProperty("java.io.tmpdir") + "/s3a",
        "fs.s3a.attempts.maximum", "2",
        "fs.s3a.retry.limit", "2");
  }

  /** {@link #hadoopConfiguration()} on top of Hadoop's defaults. */
  public Configuration configuration() {
    Configuration configuration = new Configuration();
    hadoopConfiguration().forEach(configuration::set);
    return configuration;
  }

  /** Ends the process by force: its objects live below {@code target} and are not needed again. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(stopAtExit);
    process.destroyForcibly().onExit().join();
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }
}
