package dev.featuremap.job.testing;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.minikdc.MiniKdc;
import org.apache.hadoop.security.SecurityUtil;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.UserGroupInformation.AuthenticationMethod;

/**
 * A real HDFS that lets in only whom Kerberos knows, and the server that gives tickets for it, on
 * loopback. They run in a JVM of their own, since a JVM is secured as a whole. Starting them takes
 * about 10 seconds.
 */
public final class KerberosHdfs implements AutoCloseable {
  /** Whose key is in {@link #keytab}. */
  public static final String PRINCIPAL = "trainer@EXAMPLE.COM";

  private static final Duration START = Duration.ofMinutes(2);
  private static final String TICKETS = "krb5.conf";
  private static final String SERVICE = "hdfs/localhost";
  private static final String WEB = "HTTP/localhost";

  private final Process process;
  private final Path directory;

  private KerberosHdfs(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /**
   * Starts both.
   *
   * @param directory for all their files; below {@code target}
   */
  public static KerberosHdfs start(Path directory) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(EmbeddedSpark.LIGHT);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            KerberosHdfs.class.getName(),
            directory.toAbsolutePath().toString()));
    ProcessBuilder jvm = EmbeddedSpark.jvm(EmbeddedSpark.OWN_JDK, directory, "hdfs", command);
    KerberosHdfs hdfs = new KerberosHdfs(jvm.start(), directory);
    Instant deadline = Instant.now().plus(START);
    while (!Files.exists(core(directory))) {
      if (!hdfs.process.isAlive() || Instant.now().isAfter(deadline)) {
        hdfs.close();
        throw new IllegalStateException(
            "Cannot start HDFS with Kerberos within %s. See %s/hdfs.err."
                .formatted(START, directory));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return hdfs;
  }

  /** A directory that everybody may write to who is let in. */
  public URI directory() {
    Configuration client = new Configuration(false);
    client.addResource(new org.apache.hadoop.fs.Path(core(directory).toUri()));
    return URI.create(client.get("fs.defaultFS") + "/open");
  }

  /** A file with the key of {@link #PRINCIPAL}, which stands in for a password. */
  public Path keytab() {
    return directory.resolve("trainer.keytab");
  }

  /** Lets a job find this HDFS and its server of tickets. It has no ticket yet. */
  public SubmittedJob.Submission reachedBy(SubmittedJob.Submission submission) {
    return submission
        .hadoopConf(conf(directory))
        .jvmOption("-Djava.security.krb5.conf=" + directory.resolve(TICKETS).toAbsolutePath());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static Path conf(Path directory) {
    return directory.resolve("conf").toAbsolutePath();
  }

  /** What clients need to know; written last. */
  private static Path core(Path directory) {
    return conf(directory).resolve("core-site.xml");
  }

  /**
   * Runs both until it is killed.
   *
   * @param arguments the directory
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Properties settings = MiniKdc.createConf();
    settings.setProperty(MiniKdc.KDC_BIND_ADDRESS, Loopback.HOST);
    MiniKdc kdc = new MiniKdc(settings, directory.toFile());
    kdc.start();
    Files.copy(kdc.getKrb5conf().toPath(), directory.resolve(TICKETS));
    File services = directory.resolve("services.keytab").toFile();
    kdc.createPrincipal(services, SERVICE, WEB);
    kdc.createPrincipal(directory.resolve("trainer.keytab").toFile(), "trainer");

    Configuration client = new Configuration(false);
    SecurityUtil.setAuthenticationMethod(AuthenticationMethod.KERBEROS, client);
    client.set("dfs.namenode.kerberos.principal", SERVICE + "@" + kdc.getRealm());
    client.set("dfs.data.transfer.protection", "privacy");
    client.set("hadoop.rpc.protection", "privacy");
    MiniDFSCluster cluster = cluster(directory, services, client, kdc.getRealm());
    FileSystem.mkdirs(
        cluster.getFileSystem(),
        new org.apache.hadoop.fs.Path("/open"),
        new FsPermission(FsAction.ALL, FsAction.ALL, FsAction.ALL));

    client.set("fs.defaultFS", "hdfs://localhost:" + cluster.getNameNodePort());
    Files.createDirectories(conf(directory));
    Path half = directory.resolve("core-site.xml");
    try (OutputStream site = Files.newOutputStream(half)) {
      client.writeXml(site);
    }
    Files.move(half, core(directory));
  }

  private static MiniDFSCluster cluster(
      Path directory, File keytab, Configuration client, String realm) throws IOException {
    Configuration configuration = new Configuration();
    configuration.addResource(client);
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("blocks").toString());
    configuration.setInt("dfs.replication", 1);
    configuration.set("dfs.datanode.kerberos.principal", SERVICE + "@" + realm);
    configuration.set("dfs.web.authentication.kerberos.principal", WEB + "@" + realm);
    for (String user : new String[] {"dfs.namenode", "dfs.datanode"}) {
      configuration.set(user + ".keytab.file", keytab.toString());
    }
    configuration.set("dfs.web.authentication.kerberos.keytab", keytab.toString());
    configuration.setBoolean("dfs.block.access.token.enable", true);
    // A datanode may else use no port above 1023 without HTTPS.
    configuration.setBoolean("ignore.secure.ports.for.testing", true);
    UserGroupInformation.setConfiguration(configuration);
    UserGroupInformation.loginUserFromKeytab(SERVICE + "@" + realm, keytab.toString());
    MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(configuration)
            .numDataNodes(1)
            .checkDataNodeAddrConfig(true)
            .build();
    cluster.waitActive();
    return cluster;
  }
}
