package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said of the container image without building it. */
class ContainerImageTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Path DOCKER = REPOSITORY.resolve("scripts/docker");
  private static final Pattern COPIED = Pattern.compile("(?m)^COPY (?!--from)(.+) \\S+$");

  @TempDir private Path directory;

  @Test
  void standsOnTheSparkOfTheBuild() throws IOException {
    String version =
        firstGroup("<spark.version>(.+)</spark.version>", REPOSITORY.resolve("pom.xml"));

    assertThat(firstGroup("FROM apache/spark:(\\S+)", DOCKER.resolve("Dockerfile")))
        .isEqualTo(version);
  }

  @Test
  void takesTheJarOfTheBuildWhateverItsVersion() throws IOException {
    String jar =
        firstGroup("COPY --from=build /source/(\\S+\\.jar) ", DOCKER.resolve("Dockerfile"));
    PathMatcher copied = FileSystems.getDefault().getPathMatcher("glob:" + jar);

    assertThat(Path.of("spark-job/target/featuremap-%s.jar".formatted(Version.text())))
        .matches(copied::matches);
    assertThat(Path.of("spark-job/target/featuremap-spark-job-%s.jar".formatted(Version.text())))
        .matches(other -> !copied.matches(other));
  }

  @Test
  void copiesFilesThatAreThere() throws IOException {
    List<String> sources =
        COPIED
            .matcher(Files.readString(DOCKER.resolve("Dockerfile")))
            .results()
            .flatMap(line -> Pattern.compile(" ").splitAsStream(line.group(1)))
            .toList();

    assertThat(sources).contains("pom.xml", "conf", "model", "spark-job");
    assertThat(sources).allSatisfy(source -> assertThat(REPOSITORY.resolve(source)).exists());
  }

  @Test
  void addsTheJarsThatAreThereInNoVersion() throws Exception {
    Path from = jars("from", "guava-32.0-jre.jar", "hadoop-aws-3.5.0.jar", "s3-2.35.4.jar");
    Path to = jars("to", "guava-33.4-jre.jar", "s3-transfer-manager-2.35.4.jar");

    Process process =
        new ProcessBuilder(
                DOCKER.resolve("add-missing-jars").toString(), from.toString(), to.toString())
            .inheritIO()
            .start();

    assertThat(process.waitFor()).isZero();
    assertThat(to.toFile().list())
        .containsExactlyInAnyOrder(
            "guava-33.4-jre.jar",
            "hadoop-aws-3.5.0.jar",
            "s3-2.35.4.jar",
            "s3-transfer-manager-2.35.4.jar");
  }

  private Path jars(String name, String... jars) throws IOException {
    Path folder = Files.createDirectory(directory.resolve(name));
    for (String jar : jars) {
      Files.createFile(folder.resolve(jar));
    }
    return folder;
  }

  private static String firstGroup(String expression, Path file) throws IOException {
    return Pattern.compile(expression)
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult found) -> found.group(1))
        .findFirst()
        .orElseThrow();
  }
}
