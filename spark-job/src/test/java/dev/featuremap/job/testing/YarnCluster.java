package dev.featuremap.job.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.ResourceScheduler;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler;

/**
 * A real YARN in this JVM, on loopback: a resource manager and a node manager, whose containers are
 * child processes. Starting it takes about 10 seconds.
 */
public final class YarnCluster implements SparkCluster {
  private static final String NAME = "yarn";
  private static final String DRIVER_CLASS = "deploy.yarn.ApplicationMaster";
  private static final int MEGABYTES = 8 << 10;
  private static final int START_MILLIS = 60_000;

  private final Path directory;
  private final MiniYARNCluster cluster;
  private final Set<Path> drivers = new HashSet<>();

  private YarnCluster(Path directory, MiniYARNCluster cluster) {
    this.directory = directory;
    this.cluster = cluster;
  }

  /**
   * Starts one. The files of its containers are in {@code target/yarn}.
   *
   * @param directory for the files of its clients; below {@code target}
   */
  public static YarnCluster start(Path directory) throws IOException, InterruptedException {
    Configuration configuration = configuration();
    try (OutputStream site = Files.newOutputStream(directory.resolve("yarn-site.xml"))) {
      configuration.writeXml(site);
    }
    MiniYARNCluster yarn = new MiniYARNCluster(NAME, 1, 1, 1);
    YarnCluster cluster = new YarnCluster(directory.toAbsolutePath(), yarn);
    try {
      yarn.init(configuration);
      yarn.start();
      if (!yarn.waitForNodeManagersToConnect(START_MILLIS)) {
        throw new IllegalStateException("Cannot start YARN: its node manager must join, got none.");
      }
      return cluster;
    } catch (org.apache.hadoop.yarn.exceptions.YarnException e) {
      cluster.close();
      throw new IOException(e);
    } catch (InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static Configuration configuration() {
    Configuration configuration = new YarnConfiguration();
    configuration.setBoolean(YarnConfiguration.YARN_MINICLUSTER_FIXED_PORTS, true);
    for (String address :
        new String[] {
          YarnConfiguration.RM_ADDRESS,
          YarnConfiguration.RM_SCHEDULER_ADDRESS,
          YarnConfiguration.RM_RESOURCE_TRACKER_ADDRESS,
          YarnConfiguration.RM_ADMIN_ADDRESS,
          YarnConfiguration.RM_WEBAPP_ADDRESS,
          YarnConfiguration.NM_ADDRESS,
          YarnConfiguration.NM_LOCALIZER_ADDRESS,
          YarnConfiguration.NM_WEBAPP_ADDRESS,
          YarnConfiguration.NM_COLLECTOR_SERVICE_ADDRESS
        }) {
      configuration.set(address, Loopback.HOST + ":" + Loopback.freePort());
    }
    // The default one takes its queues from a file.
    configuration.setClass(
        YarnConfiguration.RM_SCHEDULER, FifoScheduler.class, ResourceScheduler.class);
    configuration.setInt(YarnConfiguration.NM_PMEM_MB, MEGABYTES);
    configuration.setInt(YarnConfiguration.NM_VCORES, 8);
    configuration.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 256);
    configuration.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
    configuration.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    configuration.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100);
    return configuration;
  }

  @Override
  public SubmittedJob.Submission submit(
      SubmittedJob.Submission submission, String executorOptions) {
    for (String process : new String[] {"spark.yarn.appMasterEnv.", "spark.executorEnv."}) {
      submission
          .conf(process + "JAVA_HOME", EmbeddedSpark.OWN_JDK.toString())
          .conf(process + "SPARK_LOCAL_IP", Loopback.HOST);
    }
    return submission
        .master(NAME)
        .hadoopConf(directory)
        .conf("spark.yarn.jars", "local:" + EmbeddedSpark.jars())
        .conf("spark.yarn.stagingDir", directory.resolve("staging").toUri().toString())
        // Else YARN starts a driver that has ended once more, before anybody sees how it did.
        .conf("spark.yarn.maxAppAttempts", "1")
        .conf("spark.executor.memory", "1g")
        .conf("spark.executor.extraJavaOptions", executorOptions);
  }

  @Override
  public SubmittedJob.Submission submitDriver(SubmittedJob.Submission submission) {
    return submit(submission, "").option("--deploy-mode", "cluster");
  }

  @Override
  public ClusterDriver awaitDriver() throws IOException, InterruptedException {
    return ClusterDriver.await(this::runningDrivers, drivers);
  }

  /** Each in the first container of its application. */
  private List<ClusterDriver> runningDrivers() throws IOException {
    List<ClusterDriver> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(cluster.getTestWorkDir().toPath())) {
      files
          .filter(file -> file.endsWith("stdout"))
          .map(Path::getParent)
          .forEach(
              container ->
                  processes(container.getFileName().toString())
                      .forEach(process -> found.add(new ClusterDriver(container, process.pid()))));
    }
    return found;
  }

  private static Stream<ProcessHandle> processes(String container) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(
            process -> {
              String line = process.info().commandLine().orElse("");
              return line.contains(container) && line.contains(DRIVER_CLASS);
            });
  }

  @Override
  public void close() {
    cluster.stop();
  }
}
