package dev.featuremap.job.testing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark standalone cluster on loopback: a master and workers of one core, each with an address of
 * its own, whose executors are JVMs.
 *
 * <p>Use it in try-with-resources or close it after the class; it leaves no process behind. Logs
 * and the executors' work directories are kept in the directory it is given.
 */
public final class StandaloneCluster implements SparkCluster {
  private static final int WORKERS = 2;
  private static final String WORKER_MEMORY = "2g";
  private static final Duration START = Duration.ofMinutes(3);
  private static final int STOP_SECONDS = 10;

  private final Path directory;
  private final Path jdkHome;
  private final int workers;
  private final Optional<Path> properties;
  private final int port;
  private final int uiPort;
  private final List<Process> daemons = new ArrayList<>();
  private final Set<Path> drivers = new HashSet<>();

  private StandaloneCluster(Path directory, Path jdkHome, int workers, Optional<Path> properties) {
    this.directory = directory;
    this.jdkHome = jdkHome;
    this.workers = workers;
    this.properties = properties;
    this.port = Loopback.freePort();
    this.uiPort = Loopback.freePort();
  }

  /** Starts a cluster on the JDK of the tests and returns when its two workers have registered. */
  public static StandaloneCluster start(Path directory) throws IOException, InterruptedException {
    return start(directory, EmbeddedSpark.OWN_JDK);
  }

  /** Starts a cluster on another JDK, which its executors run on too. */
  public static StandaloneCluster start(Path directory, Path jdkHome)
      throws IOException, InterruptedException {
    return start(directory, jdkHome, WORKERS);
  }

  /** Starts a cluster of another size. */
  public static StandaloneCluster start(Path directory, Path jdkHome, int workers)
      throws IOException, InterruptedException {
    return start(new StandaloneCluster(directory, jdkHome, workers, Optional.empty()));
  }

  /**
   * Starts a cluster whose daemons and jobs have Spark's properties from a file, as where only
   * those may join who know a secret.
   */
  public static StandaloneCluster startWith(Path properties, Path directory)
      throws IOException, InterruptedException {
    return start(
        new StandaloneCluster(directory, EmbeddedSpark.OWN_JDK, WORKERS, Optional.of(properties)));
  }

  private static StandaloneCluster start(StandaloneCluster cluster)
      throws IOException, InterruptedException {
    try {
      cluster.launch();
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** The master to submit to, {@code spark://host:port}. */
  public String masterUrl() {
    return "spark://%s:%s".formatted(Loopback.HOST, port);
  }

  @Override
  public SubmittedJob.Submission submit(
      SubmittedJob.Submission submission, String executorOptions) {
    // What a killed executor cannot clean up stays where it is looked for.
    String own =
        "\"-Djava.io.tmpdir=%s\" %s"
            .formatted(directory.toAbsolutePath(), EmbeddedSpark.inherited());
    properties.ifPresent(file -> submission.option("--properties-file", file.toString()));
    return submission
        .master(masterUrl())
        .conf("spark.executor.memory", "1g")
        .conf("spark.executor.extraJavaOptions", (executorOptions + " " + own).strip());
  }

  @Override
  public SubmittedJob.Submission submitDriver(SubmittedJob.Submission submission) {
    // Spark gives these options to all drivers but those of a standalone cluster.
    List<String> options = new ArrayList<>(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    options.add("\"-Djava.io.tmpdir=" + directory.toAbsolutePath() + "\"");
    return submit(submission, "")
        .option("--deploy-mode", "cluster")
        .conf("spark.standalone.submit.waitAppCompletion", "true")
        .conf("spark.driver.extraJavaOptions", String.join(" ", options));
  }

  @Override
  public ClusterDriver awaitDriver() throws IOException, InterruptedException {
    return ClusterDriver.await(this::runningDrivers, drivers);
  }

  private List<ClusterDriver> runningDrivers() throws IOException {
    List<ClusterDriver> found = new ArrayList<>();
    for (int worker = 1; worker <= workers; worker++) {
      Path work = directory.resolve("work-" + worker);
      if (Files.exists(work)) {
        try (Stream<Path> children = Files.list(work)) {
          children
              .filter(child -> child.getFileName().toString().startsWith("driver-"))
              .filter(child -> Files.exists(child.resolve("stderr")))
              .forEach(
                  child ->
                      processes(child.getFileName().toString())
                          .forEach(process -> found.add(new ClusterDriver(child, process.pid()))));
        }
      }
    }
    return found;
  }

  /** The process ids of the executors that run now. */
  public List<Long> executorPids() {
    return executors().map(ProcessHandle::pid).toList();
  }

  /** Ends executors, workers and master. */
  @Override
  public void close() {
    List<ProcessHandle> children =
        Stream.concat(executors(), processes("deploy.worker.DriverWrapper")).toList();
    daemons.forEach(Process::destroy);
    daemons.forEach(StandaloneCluster::awaitEnd);
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private void launch() throws IOException, InterruptedException {
    daemon(
        "master", Loopback.HOST, "master.Master", "--port", "" + port, "--webui-port", "" + uiPort);
    for (int worker = 1; worker <= workers; worker++) {
      String work = directory.resolve("work-" + worker).toString();
      daemon(
          "worker-" + worker,
          Loopback.host(worker),
          "worker.Worker",
          "--webui-port",
          "0",
          "--cores",
          "1",
          "--memory",
          WORKER_MEMORY,
          "--work-dir",
          work,
          masterUrl());
    }
    Instant deadline = Instant.now().plus(START);
    while (workersAlive() < workers) {
      if (Instant.now().isAfter(deadline) || !daemons.stream().allMatch(Process::isAlive)) {
        throw new IllegalStateException(
            "Cannot start the cluster: %s workers must register within %s, got %s. See the logs in %s."
                .formatted(workers, START, workersAlive(), directory));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private void daemon(String name, String host, String shortClass, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(EmbeddedSpark.LIGHT);
    if (jdkHome.equals(EmbeddedSpark.OWN_JDK)) {
      command.addAll(ClassArchive.options());
    }
    command.addAll(
        List.of("-Xmx256m", "-Dspark.port.maxRetries=0", "-Dspark.master.rest.enabled=false"));
    command.addAll(
        List.of(
            "-cp",
            EmbeddedSpark.classPath(),
            "org.apache.spark.deploy." + shortClass,
            "--host",
            host));
    properties.ifPresent(file -> command.addAll(List.of("--properties-file", file.toString())));
    command.addAll(List.of(arguments));
    daemons.add(EmbeddedSpark.jvm(jdkHome, directory, name, command).start());
  }

  private Stream<ProcessHandle> executors() {
    return processes("CoarseGrainedExecutorBackend");
  }

  private Stream<ProcessHandle> processes(String commandPart) {
    return daemons.stream()
        .flatMap(Process::descendants)
        .filter(process -> process.info().commandLine().orElse("").contains(commandPart));
  }

  private long workersAlive() throws IOException {
    URI state = URI.create("http://%s:%s/json/".formatted(Loopback.HOST, uiPort));
    try (InputStream answer = state.toURL().openStream()) {
      String json = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
      return json.lines().filter(line -> line.contains("\"state\" : \"ALIVE\"")).count();
    } catch (ConnectException | FileNotFoundException notYetServing) {
      return 0;
    }
  }

  private static void awaitEnd(Process daemon) {
    try {
      if (!daemon.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        daemon.destroyForcibly();
      }
    } catch (InterruptedException e) {
      daemon.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
