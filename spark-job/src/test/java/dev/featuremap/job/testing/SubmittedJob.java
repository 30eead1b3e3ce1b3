package dev.featuremap.job.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A job that spark-submit runs in a JVM of its own, which a test can watch and kill.
 *
 * <pre>{@code
 * try (SubmittedJob job = SubmittedJob.in(directory).jvmOption("-XX:MaxVectorSize=16").start("train", "--data", data)) {
 *   assertThat(job.waitFor(Duration.ofMinutes(2))).isZero();
 * }
 * }</pre>
 *
 * <p>It submits the application's jar, so it belongs into integration tests ({@code …IT}), which
 * run after packaging.
 */
public final class SubmittedJob implements AutoCloseable {
  private final Process process;
  private final Path directory;

  private SubmittedJob(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /**
   * Describes a job on {@code local[2]} and the JDK of the tests, whose output is kept in a
   * directory of its own.
   */
  public static Submission in(Path directory) {
    return new Submission(directory);
  }

  /** The jar that jobs are submitted with. */
  public static Path applicationJar() {
    return EmbeddedSpark.applicationJar();
  }

  /** Waits for the job's end and returns its exit code. */
  public int waitFor(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(
          "Cannot wait longer: the job must end within %s, got a running one. Its output is in %s."
              .formatted(limit, directory));
    }
    return process.exitValue();
  }

  /** Waits until the job has written a text to either stream, for as long as it lives. */
  public void awaitText(String text, Duration limit) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(limit);
    while (!output().contains(text) && !errors().contains(text)) {
      if (!process.isAlive() || Instant.now().isAfter(deadline)) {
        throw new IllegalStateException(
            "Cannot see \"%s\": the job must write it within %s, got none. Its output is in %s."
                .formatted(text, limit, directory));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Ends the job as {@code kill -9} does, and returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** True once the job's process is gone. */
  public boolean hasEnded() {
    return !process.isAlive();
  }

  /** Stops the job where it is, as a long pause of its machine would. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets a paused job go on. */
  public void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    if (!Signals.send(name, process.pid())) {
      throw new IllegalStateException(
          "Cannot send %s to job %s: it must be there.".formatted(name, process.pid()));
    }
  }

  /** The driver's process id. */
  public long pid() {
    return process.pid();
  }

  /** The code the ended job left with; 137 after {@link #kill}. */
  public int exitCode() {
    return process.exitValue();
  }

  /** What the job has written to standard output so far. */
  public String output() throws IOException {
    return Files.readString(directory.resolve("job.out"), StandardCharsets.UTF_8);
  }

  /** What the job has written to standard error so far. */
  public String errors() throws IOException {
    return Files.readString(directory.resolve("job.err"), StandardCharsets.UTF_8);
  }

  /** Ends the job if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** How to submit a job. */
  public static final class Submission {
    private final Path directory;
    private Path jdkHome = EmbeddedSpark.OWN_JDK;
    private String master = "local[2]";
    private String classPath = EmbeddedSpark.classPath();
    private String mainClass = "dev.featuremap.job.cli.Featuremap";
    private boolean fromTestClassPath;
    private final List<String> jvmOptions = new ArrayList<>(List.of("-Xmx1g"));
    private final List<String> sparkOptions = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    private Submission(Path directory) {
      this.directory = directory;
    }

    /** Submits to this master. */
    public Submission master(String url) {
      master = url;
      return this;
    }

    /** Runs the driver on another JDK. */
    public Submission jdk(Path home) {
      jdkHome = home;
      return this;
    }

    /**
     * Adds an option of the driver's JVM; a later one wins, as {@code -Xmx2g} does over the default
     * of 1g.
     */
    public Submission jvmOption(String option) {
      jvmOptions.add(option);
      return this;
    }

    /**
     * Is no job that computes much: the driver's JVM is over sooner without the C2 compiler.
     * Kernels are scalar then, with a warning.
     */
    public Submission light() {
      jvmOptions.addAll(EmbeddedSpark.LIGHT);
      return this;
    }

    /** Sets a Spark property. */
    public Submission conf(String key, String value) {
      sparkOptions.addAll(List.of("--conf", key + "=" + value));
      return this;
    }

    /** Adds an option of spark-submit. */
    public Submission option(String name, String value) {
      sparkOptions.addAll(List.of(name, value));
      return this;
    }

    /** Sets a variable of the driver's environment. */
    public Submission environment(String key, String value) {
      environment.put(key, value);
      return this;
    }

    /** Gives Hadoop's files of settings, as {@code HADOOP_CONF_DIR} does for Spark's scripts. */
    public Submission hadoopConf(Path files) {
      classPath = files + File.pathSeparator + classPath;
      return environment("HADOOP_CONF_DIR", files.toString());
    }

    /** Runs a main class from the class path of the tests instead of the application's jar. */
    public Submission onTestClassPath(Class<?> main) {
      mainClass = main.getName();
      classPath = System.getProperty("java.class.path");
      fromTestClassPath = true;
      return this;
    }

    /** Starts the job with these arguments. */
    public SubmittedJob start(String... arguments) throws IOException {
      List<String> command = new ArrayList<>();
      if (jdkHome.equals(EmbeddedSpark.OWN_JDK) && classPath.equals(EmbeddedSpark.classPath())) {
        command.addAll(ClassArchive.options());
      }
      command.addAll(jvmOptions);
      command.addAll(List.of("-cp", classPath, "org.apache.spark.deploy.SparkSubmit"));
      command.addAll(List.of("--master", master, "--class", mainClass));
      command.addAll(sparkOptions);
      // Spark's own word for a main class that needs no jar.
      command.add(fromTestClassPath ? "spark-internal" : EmbeddedSpark.applicationJar().toString());
      command.addAll(List.of(arguments));
      ProcessBuilder builder =
          EmbeddedSpark.jvm(jdkHome, Files.createDirectories(directory), "job", command);
      builder.environment().putAll(environment);
      return new SubmittedJob(builder.start(), directory);
    }
  }
}
