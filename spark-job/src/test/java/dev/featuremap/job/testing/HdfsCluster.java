package dev.featuremap.job.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;

/** A real HDFS of one datanode in this JVM, on loopback. Starting it takes 5 to 15 seconds. */
public final class HdfsCluster implements AutoCloseable {
  private final MiniDFSCluster cluster;
  private final Configuration configuration;
  private DataNodeProperties stopped;

  private HdfsCluster(MiniDFSCluster cluster, Configuration configuration) {
    this.cluster = cluster;
    this.configuration = configuration;
  }

  /**
   * Starts one.
   *
   * @param directory for all its files; below {@code target}
   */
  public static HdfsCluster start(Path directory) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toAbsolutePath().toString());
    configuration.setInt("dfs.replication", 1);
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    cluster.waitActive();
    return new HdfsCluster(cluster, configuration);
  }

  /** The root, {@code hdfs://127.0.0.1:port}. */
  public URI uri() {
    return URI.create("hdfs://127.0.0.1:" + cluster.getNameNodePort());
  }

  /** What a client needs; Spark takes the same keys with the prefix {@code spark.hadoop.}. */
  public Configuration configuration() {
    return new Configuration(configuration);
  }

  /** Refuses all changes, as a name node does while it starts. */
  public void enterSafeMode() throws IOException {
    cluster.getFileSystem().setSafeMode(SafeModeAction.ENTER);
  }

  /** Takes changes again. */
  public void leaveSafeMode() throws IOException {
    cluster.getFileSystem().setSafeMode(SafeModeAction.LEAVE);
  }

  /** Stops the datanode, of which the name node does not hear. */
  public void stopDatanode() {
    stopped = cluster.stopDataNode(0);
  }

  /** Starts the datanode again with what it had. */
  public void startDatanode() throws IOException {
    cluster.restartDataNode(stopped, true);
    cluster.waitActive();
  }

  @Override
  public void close() {
    cluster.shutdown();
  }
}
